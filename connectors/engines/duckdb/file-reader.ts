import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, StreamPart } from '../../sources/source.ts';
import { quoteName, quoteText } from '../quote.ts';
import { duckdbType } from './raw-types.ts';

type FilePart = Extract<StreamPart, { kind: 'file' }>;

/** A FROM clause over a Parquet file. Nested values become JSON text. */
export async function fileReader(connection: DuckDBConnection, part: FilePart): Promise<string> {
  const path = quoteText(part.path);
  const described = await connection.runAndReadAll(`describe select * from read_parquet(${path})`);
  const fileTypes = new Map(
    described.getRowObjects().map((row) => [String(row.column_name).toLowerCase(), String(row.column_type)]),
  );
  const list = part.columns.map((column) => rawValue(column, fileTypes.get(column.name.toLowerCase()) ?? ''));
  return `(select ${list.join(', ')} from read_parquet(${path}))`;
}

function rawValue({ name, type }: Column, fileType: string): string {
  const column = quoteName(name);
  const isNested = /^(STRUCT|MAP|UNION)\b|\]$/.test(fileType);
  const value = isNested ? `to_json(${column})` : fileType === 'BLOB' ? `lower(hex(${column}))` : column;
  return `cast(${value} as ${duckdbType(type)}) as ${column}`;
}
