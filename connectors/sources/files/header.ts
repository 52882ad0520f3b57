import { looksLikeValue } from './value-kind.ts';

/** A header holds no values; or, where its names look like values (`2019`), a column below it differs in kind. */
export function isHeader(first: readonly string[], rows: readonly string[][]): boolean {
  return !first.some(looksLikeValue) || namesAColumnOfValues(first, rows);
}

/** True if a column holds nothing but values below something that is none: only a header looks so. */
export function namesAColumnOfValues(first: readonly string[], rows: readonly string[][]): boolean {
  return first.some((name, index) => {
    if (name.trim() === '' || looksLikeValue(name)) return false;
    const below = rows.map((row) => row[index] ?? '').filter((text) => text.trim() !== '');
    return below.length > 1 && below.every(looksLikeValue);
  });
}
