import type { MysqlColumn } from '../column-type.ts';

/** A value of a key as the library decodes it, as the text that lands; null: none, or not in the log. */
export function keyText({ sourceType }: Pick<MysqlColumn, 'sourceType'>, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return value.toString('hex').toUpperCase();
  // The zeros of a fraction end where the column's does, which is how the server writes it too.
  if (typeof value === 'string') return sourceType.startsWith('char') ? value.replace(/ +$/, '') : value;
  return typeof value === 'number' ? String(value) : null;
}
