import { DuckDBInstance } from '@duckdb/node-api';
import type { TableConfig, TlsConfig } from '../../../config/schema.ts';
import type {
  CheckVerdict,
  Column,
  RawType,
  Snapshot,
  Source,
  SourceContext,
  TableRequest,
} from '../../../connectors/sources/source.ts';

export function contextOf(
  type: 'postgres' | 'mysql',
  url: string,
  options: {
    tls?: TlsConfig;
    connect_timeout?: number;
    statement_timeout?: number;
    stall_timeout?: number;
  } = {},
): SourceContext {
  const config = {
    type,
    url,
    timezone: 'UTC',
    connect_timeout: 5,
    statement_timeout: 600,
    stall_timeout: 60,
    tables: {},
    ...options,
  };
  return { name: 'finance', config, folder: '.' };
}

export function requestOf(
  name: string,
  table: Partial<TableConfig> = {},
  moneyColumns: string[] = [],
): TableRequest {
  return { name, table: { map: {}, types: {}, format: {}, ...table }, moneyColumns };
}

export async function withSnapshot<T>(source: Source, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const snapshot = await source.openSnapshot(new AbortController().signal);
  try {
    return await work(snapshot);
  } finally {
    await snapshot.close();
  }
}

export async function readText(
  snapshot: Snapshot,
  request: TableRequest,
  options?: { limit: number },
): Promise<{ columns: readonly Column[]; text: string }> {
  for await (const part of snapshot.read(request, options)) {
    if (part.kind !== 'csv') continue;
    const chunks: Buffer[] = [];
    for await (const chunk of part.bytes) chunks.push(chunk);
    return { columns: part.columns, text: Buffer.concat(chunks).toString() };
  }
  throw new Error('the source gave no part');
}

/** `net_amount numeric(12,2)` → `{ net_amount: … }`, to be compared at a glance. */
export function typesOf(columns: readonly Column[]): Record<string, RawType> {
  return Object.fromEntries(columns.map(({ name, type }) => [name, type]));
}

export async function verdicts(source: Source, requests: TableRequest[]): Promise<CheckVerdict[]> {
  const all: CheckVerdict[] = [];
  for await (const verdict of source.check(requests)) all.push(verdict);
  return all;
}

/** One value of a SELECT over the CSV text, parsed by DuckDB with the types of the columns. */
export async function asDuckdbReads(
  file: string,
  columns: readonly Column[],
  select: string,
): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run("set TimeZone = 'UTC'");
    const types = columns.map(({ name, type }) => `${quoted(name)}: ${quoted(duckdbType(type))}`).join(', ');
    const reader = await connection.runAndReadAll(
      `select ${select} from read_csv(${quoted(file)}, columns = {${types}}, auto_detect = false, header = false,
         delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false)`,
    );
    return reader.getRows()[0] ?? [];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function duckdbType(type: RawType): string {
  if (typeof type === 'object') return `decimal(${type.precision}, ${type.scale})`;
  return type === 'text' ? 'varchar' : type;
}
