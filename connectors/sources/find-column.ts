import type { Column } from './source.ts';

/** The column of that name; where none is spelled exactly so, the one that differs in case only. */
export function findColumn<C extends Column>(columns: readonly C[], name: string): C | undefined {
  const lowerCase = name.toLowerCase();
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === lowerCase)
  );
}
