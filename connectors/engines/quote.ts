/** A name as DuckDB takes it literally. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a DuckDB literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
