import type { Attempted } from '../engine.ts';

/** DuckDB's own `try`; the struct tells a null that is the result from the null of a failure. */
export async function attempt(_run: (sql: string) => Promise<unknown>, { sql }: Attempted): Promise<string> {
  return `try(struct_pack(value := ${sql}))`;
}
