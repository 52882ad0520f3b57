const powers = 'KMGT';

/** Bytes of a size as the config writes it: `10MB` is 10,000,000, `10MiB` 10,485,760. */
export function bytesOfSize(size: string): number {
  const [, amount = '0', unit = 'K', binary = ''] = /^([\d.]+) ?([KMGT])(i?)B$/i.exec(size) ?? [];
  const step = binary === '' ? 1000 : 1024;
  return Math.round(Number(amount) * step ** (powers.indexOf(unit.toUpperCase()) + 1));
}
