import type { Engine } from '../../../../connectors/engines/engine.ts';

/** Rows of numbers by the segment that stands before them, column by column. */
export type ColumnsBySegment = Map<string, Float64Array[]>;

/** Reads a SELECT of a segment and numbers behind it; decimals and large integers as the nearest double. */
export async function readColumns(engine: Engine, select: string): Promise<ColumnsBySegment> {
  const read = new Map<string, number[][]>();
  for await (const batch of engine.read(select)) {
    for (const [segment, ...cells] of batch) {
      let columns = read.get(String(segment));
      if (columns === undefined) {
        columns = cells.map(() => []);
        read.set(String(segment), columns);
      }
      for (let index = 0; index < cells.length; index++)
        (columns[index] as number[]).push(Number(cells[index]));
    }
  }
  return new Map([...read].map(([segment, columns]) => [segment, columns.map((c) => Float64Array.from(c))]));
}

/** The rows of all segments, one after the other; `columns` of no row where there is none. */
export function allSegments(read: ColumnsBySegment, columns: number): Float64Array[] {
  return Array.from({ length: columns }, (_, index) => {
    const parts = [...read.values()].map((segment) => segment[index] as Float64Array);
    const all = new Float64Array(parts.reduce((rows, part) => rows + part.length, 0));
    let from = 0;
    for (const part of parts) {
      all.set(part, from);
      from += part.length;
    }
    return all;
  });
}
