import type { Column } from './source.ts';

/** `amount: why it comes as text`, for each column that has such a reason. */
export function warningsOf(columns: readonly Column[]): string[] {
  return columns.flatMap(({ name, warning }) => (warning === undefined ? [] : [`${name}: ${warning}`]));
}
