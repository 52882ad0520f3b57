/** A place in PostgreSQL's log as it is written, `16/B374D848`: two halves of 64 bits in hexadecimal. */
export function lsnValue(lsn: string): bigint {
  const [high = '', low = ''] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export function isBehind(one: string, other: string): boolean {
  return lsnValue(one) < lsnValue(other);
}
