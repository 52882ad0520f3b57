/** Evidence in bits. */
export function bits(value: number): string {
  return value.toFixed(2);
}

/** A share of 1 with four digits, never rounded to 1 or 0; a dot where there is none. */
export function share(value: number | null): string | null {
  if (value === null) return null;
  if (value < 1 && value > 0.9999) return '>.9999';
  if (value > 0 && value < 0.0001) return '<.0001';
  return value.toFixed(4).replace(/^0/, '');
}

/** Three digits that count: 62.1 %, 0.00134 %. */
export function percent(value: number): string {
  const of = value * 100;
  return `${of === 0 || of >= 100 ? of.toFixed(0) : of.toPrecision(3)} %`;
}

/** `1 pair in 12,345` */
export function oneIn(value: number): string {
  return value > 0 ? `1 pair in ${Math.round(1 / value).toLocaleString('en')}` : 'no pair';
}

export function count(value: number): string {
  return value.toLocaleString('en');
}
