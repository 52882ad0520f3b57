import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { WhalecurveError } from '../../../config/error.ts';
import type { Column, RawType } from '../source.ts';
import type { FormatConfig } from './csv-form.ts';
import { fileBytes } from './file-bytes.ts';
import type { DataFile } from './list-files.ts';
import { detectValueFormats, valueFormatOf } from './value-formats.ts';

/** The columns of a Parquet file, by its own metadata. Nested ones travel as JSON text. */
export async function parquetColumns(file: DataFile): Promise<Column[]> {
  return await withFile(file, async (connection, path) => {
    const described = await describe(connection, `read_parquet(${path})`);
    return described.map(({ name, type }) => ({ name, type: rawTypeOf(type), sourceType: type }));
  });
}

/** Rows by the metadata of the file, which holds them per row group: nothing else is read. */
export async function parquetRows(file: DataFile): Promise<bigint> {
  return await withFile(file, async (connection, path) => {
    const reader = await connection.runAndReadAll(
      `select cast(num_rows as varchar) from parquet_file_metadata(${path})`,
    );
    return BigInt(String(reader.getRows()[0]?.[0]));
  });
}

/**
 * The columns of a JSONL file: every key of every line, in order of first appearance. Integers are bigint, true and
 * false boolean; everything else is text, which later nights cannot contradict: a column of dates may hold something
 * else tomorrow. Numbers with decimals are text, too, because DuckDB would make them DOUBLE: `0.1` stays `0.1`. Its
 * JSON reader holds them as doubles on the way to text, so 15 digits are exact, which DECIMAL(18,4) money below
 * 100,000,000,000 needs at most.
 */
export async function jsonlColumns(file: DataFile, format: FormatConfig): Promise<Column[]> {
  return await withFile(file, async (connection, path) => {
    const described = await describe(
      connection,
      `read_json(${path}, format = 'newline_delimited', sample_size = -1, map_inference_threshold = -1)`,
    );
    // What DuckDB says of a file without lines, of lines that are no objects, and of objects with this one key.
    if (described.length === 1 && described[0]?.name === 'json') {
      const objects = await countObjects(connection, path, file);
      if (objects === 0) return [];
    }
    refuseRenamed(described, file);
    const columns = described.map(({ name, type }) => ({ name, type: jsonType(type), sourceType: type }));
    return await withValueFormats(connection, path, columns, format);
  });
}

async function describe(
  connection: DuckDBConnection,
  reader: string,
): Promise<{ name: string; type: string }[]> {
  const rows = await connection.runAndReadAll(`describe select * from ${reader}`);
  return rows
    .getRowObjects()
    .map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
}

function jsonType(type: string): RawType {
  if (type === 'BIGINT') return 'bigint';
  return type === 'BOOLEAN' ? 'boolean' : 'text';
}

const rawTypes: Readonly<Record<string, RawType>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'integer',
  SMALLINT: 'integer',
  INTEGER: 'integer',
  UTINYINT: 'integer',
  USMALLINT: 'integer',
  UINTEGER: 'bigint',
  BIGINT: 'bigint',
  UBIGINT: { precision: 20, scale: 0 },
  HUGEINT: { precision: 38, scale: 0 },
  FLOAT: 'double',
  DOUBLE: 'double',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
};

function rawTypeOf(type: string): RawType {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal) return { precision: Number(decimal[1]), scale: Number(decimal[2]) };
  return rawTypes[type] ?? 'text';
}

async function countObjects(connection: DuckDBConnection, path: string, file: DataFile): Promise<number> {
  const reader = await connection.runAndReadAll(
    `select count(*)::integer, (count(*) filter (where json_type(json) <> 'OBJECT'))::integer
     from read_ndjson_objects(${path})`,
  );
  const [lines, others] = reader.getRows()[0] ?? [];
  if (others === 0) return Number(lines);
  throw new WhalecurveError('WC-FILE-002', `the lines of ${file.file} are no JSON objects`, {
    where: file.file,
    hint: 'each line must be one object: {"id": 1, "name": "…"}',
  });
}

/** DuckDB compares names without regard to case, and would read the second of `id` and `ID` as `ID_1`: always NULL. */
function refuseRenamed(columns: readonly { name: string }[], file: DataFile): void {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  const renamed = columns.find(({ name }) => {
    const base = /^(.+)_\d+$/.exec(name)?.[1];
    return (
      base !== undefined && names.has(base.toLowerCase()) && /[A-Z]/i.test(base) && isCaseTwin(base, columns)
    );
  });
  if (!renamed) return;
  throw new WhalecurveError(
    'WC-FILE-002',
    `${file.file} has keys that differ only in case: ${renamed.name}`,
    {
      where: file.file,
      hint: 'give one of them another name in the export',
    },
  );
}

function isCaseTwin(base: string, columns: readonly { name: string }[]): boolean {
  return columns.some(({ name }) => name !== base && name.toLowerCase() === base.toLowerCase());
}

async function withValueFormats(
  connection: DuckDBConnection,
  path: string,
  columns: readonly Column[],
  format: FormatConfig,
): Promise<Column[]> {
  const types = columns.map(({ name }) => `${quoted(name)}: 'VARCHAR'`).join(', ');
  const sample = await connection.runAndReadAll(
    `select * from read_json(${path}, format = 'newline_delimited', columns = {${types}}) limit 2000`,
  );
  const rows = sample.getRows().map((row) => row.map((value) => (value === null ? '' : String(value))));
  const found = detectValueFormats(
    rows,
    columns.map(({ name }) => name),
    format,
  );
  return columns.map((column, index) => {
    const detected = found[index];
    const valueFormat = column.type === 'text' && detected ? valueFormatOf(detected) : undefined;
    return valueFormat ? { ...column, valueFormat } : column;
  });
}

/** Works in an instance of its own, in memory: the files are read where they lie. */
async function withFile<T>(
  file: DataFile,
  work: (connection: DuckDBConnection, path: string) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' });
  const connection = await instance.connect();
  try {
    return await work(connection, quoted(file.path));
  } catch (cause) {
    if (cause instanceof WhalecurveError) throw cause;
    const text = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    const said = text.replaceAll(file.path, file.file);
    throw new WhalecurveError('WC-FILE-002', `${file.file} cannot be read: ${said}`, {
      where: /JSON/.test(text) ? await brokenLine(file) : file.file,
      hint: 'the file is cut, damaged, or in another format than its name says (`format: { type: … }`)',
      cause,
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** DuckDB counts one line too many where the last one has no newline. */
async function brokenLine(file: DataFile): Promise<string> {
  let line = 0;
  for await (const text of createInterface({ input: Readable.from(fileBytes(file)) })) {
    line += 1;
    if (text.trim() !== '' && !isJson(text.replace(/^\ufeff/, ''))) return `${file.file}:${line}`;
  }
  return file.file;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
