import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll } from '@jest/globals';
import { configSchema } from '../../../../config/schema.ts';
import { csvReader } from '../../../../connectors/engines/duckdb/csv-reader.ts';
import { duckdbLanding } from '../../../../connectors/engines/duckdb/duckdb-landing.ts';
import { quoteName } from '../../../../connectors/engines/quote.ts';
import { filesSource } from '../../../../connectors/sources/files/files-source.ts';
import type {
  Column,
  ControlTotals,
  Snapshot,
  Source,
  StreamPart,
  TableForm,
  TableRequest,
} from '../../../../connectors/sources/source.ts';
import { keptLanding } from '../../engines/kept-landing.ts';

type Contents = string | Buffer;

/** A folder of exports, as somebody else's program left them. */
export class ExportFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  static async create(files: Readonly<Record<string, Contents>> = {}): Promise<ExportFolder> {
    const folder = new ExportFolder(await mkdtemp(join(tmpdir(), 'whalecurve-files-')));
    for (const [name, contents] of Object.entries(files)) await folder.write(name, contents);
    return folder;
  }

  async write(name: string, contents: Contents): Promise<void> {
    const path = join(this.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }

  source(knownForms?: Readonly<Record<string, TableForm>>): Source {
    const { config } = parsedConfig(this.path, {});
    return filesSource({ name: 'exports', config, folder: this.path, ...(knownForms && { knownForms }) });
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** A table of the config, with its defaults. */
export function requestFor(name: string, table: Record<string, unknown> = {}): TableRequest {
  const { config } = parsedConfig('.', { [name]: table });
  const parsed = config.tables[name];
  if (parsed === undefined) throw new Error(`no table ${name}`);
  return { name, table: parsed, moneyColumns: [] };
}

function parsedConfig(path: string, tables: Record<string, unknown>) {
  const { sources } = configSchema.parse({ sources: { exports: { type: 'files', path, tables } } });
  const config = sources.exports;
  if (config === undefined) throw new Error('no source');
  return { config };
}

export interface ReadTable {
  columns: Column[];
  rows: (string | null)[][];
  control: ControlTotals;
}

const landings = await mkdtemp(join(tmpdir(), 'whalecurve-read-'));
const landing = keptLanding(duckdbLanding({ memoryLimit: '512MB', threads: 1 }), landings);
afterAll(async () => {
  await landing.close();
  await rm(landings, { recursive: true, force: true });
});

/** Reads a table the way a run does, through the landing, and gives its rows as text. */
export async function readTable(
  folder: ExportFolder,
  name: string,
  table: Record<string, unknown> = {},
): Promise<ReadTable> {
  const signal = new AbortController().signal;
  const snapshot = await folder.source().openSnapshot(signal);
  try {
    const request = requestFor(name, table);
    const landed = await landing.land(snapshot.read(request), request);
    const control = await snapshot.control(request, landed.columns);
    const names = [...landed.columns.map((column) => column.name), '_file'];
    const paths = landed.pieces.map((piece) => `'${join(landings, piece)}'`).join(', ');
    const rows = await textRows(
      `select ${names.map((column) => `${quoteName(column)}::varchar`).join(', ')}
       from read_parquet([${paths}], union_by_name = true)`,
    );
    return { columns: [...landed.columns], rows, control };
  } finally {
    await snapshot.close();
  }
}

/** One for all queries of a test file: to open one takes longer than most queries. */
const duckdb = await DuckDBInstance.create(':memory:', { threads: '1' });

export async function textRows(sql: string): Promise<(string | null)[][]> {
  const connection = await duckdb.connect();
  try {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
  } finally {
    connection.closeSync();
  }
}

type CsvPart = Extract<StreamPart, { kind: 'csv' }>;

/** The rows of a part, parsed by DuckDB under the dialect that the part states. */
export async function rowsOfPart(part: CsvPart, folder: ExportFolder): Promise<(string | null)[][]> {
  return await textRows(`select * from ${await readerOfPart(part, folder)}`);
}

/** Only how many they are. */
export async function countOfPart(part: CsvPart, folder: ExportFolder): Promise<string | null> {
  const rows = await textRows(`select count(*)::varchar from ${await readerOfPart(part, folder)}`);
  return rows[0]?.[0] ?? null;
}

async function readerOfPart(part: CsvPart, folder: ExportFolder): Promise<string> {
  const path = join(folder.path, '.part');
  await writeFile(path, part.bytes);
  return csvReader(path, part.columns, part.dialect, 16 * 1024 * 1024);
}

export async function allParts(
  snapshot: Snapshot,
  request: TableRequest,
  limit?: number,
): Promise<StreamPart[]> {
  const parts: StreamPart[] = [];
  for await (const part of snapshot.read(request, limit === undefined ? {} : { limit })) parts.push(part);
  return parts;
}
