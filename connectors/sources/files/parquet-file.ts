import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { WhalecurveError } from '../../../config/error.ts';
import type { Column, RawType } from '../source.ts';
import type { DataFile } from './list-files.ts';

/** The columns of a Parquet file, by its own metadata. Nested ones travel as JSON text. */
export async function parquetColumns(file: DataFile): Promise<Column[]> {
  return await withFile(file, async (connection, path) => {
    const rows = await connection.runAndReadAll(`describe select * from read_parquet(${path})`);
    return rows.getRowObjects().map((row) => {
      const type = String(row.column_type);
      return { name: String(row.column_name), type: rawTypeOf(type), sourceType: type };
    });
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

/** Works in an instance of its own, in memory: the files are read where they lie. */
async function withFile<T>(
  file: DataFile,
  work: (connection: DuckDBConnection, path: string) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' });
  const connection = await instance.connect();
  try {
    return await work(connection, `'${file.path.replaceAll("'", "''")}'`);
  } catch (cause) {
    const text = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    const said = text.replaceAll(file.path, file.file);
    throw new WhalecurveError('WC-FILE-002', `${file.file} cannot be read: ${said}`, {
      where: file.file,
      hint: 'the file is cut, damaged, or in another format than its name says (`format: { type: … }`)',
      cause,
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
