import type { DuckDBConnection } from '@duckdb/node-api';

export async function columnsOf(connection: DuckDBConnection, table: string): Promise<string[]> {
  const reader = await connection.runAndReadAll(`describe ${table}`);
  return reader.getRows().map((row) => String(row[0]));
}

/** Small results; every cell as a number. */
export async function readNumbers(connection: DuckDBConnection, sql: string): Promise<number[][]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRows().map((row) => row.map(Number));
}

export async function countOf(connection: DuckDBConnection, table: string): Promise<number> {
  const [[count = 0] = []] = await readNumbers(connection, `select count(*) from ${table}`);
  return count;
}

/** Hands on the columns of the result some thousand rows at a time, as they come. */
export async function forEachChunk(
  connection: DuckDBConnection,
  sql: string,
  work: (columns: readonly (readonly unknown[])[], rows: number) => void,
): Promise<void> {
  const result = await connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    work(chunk.getColumns(), chunk.rowCount);
  }
}

/** Numbers of unknown count in one typed array, which takes an eighth of the memory of a list. */
export class NumberColumn {
  #values = new Float64Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

/** The result's columns as numbers. */
export async function readColumns(
  connection: DuckDBConnection,
  sql: string,
  columns: number,
): Promise<Float64Array[]> {
  const parts = Array.from({ length: columns }, () => new NumberColumn());
  await forEachChunk(connection, sql, (chunk, rows) => {
    for (const [index, part] of parts.entries()) {
      const cells = chunk[index] ?? [];
      for (let row = 0; row < rows; row += 1) part.push(Number(cells[row]));
    }
  });
  return parts.map((part) => part.values());
}
