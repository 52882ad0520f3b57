import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import papaparse from 'papaparse';
import { openDuckdb } from '../connectors/engines/duckdb/duckdb-engine.ts';
import { duckdbLanding } from '../connectors/engines/duckdb/duckdb-landing.ts';
import {
  type Column,
  canonicalDialect,
  type RawType,
  type StreamPart,
} from '../connectors/sources/source.ts';

/**
 * CSV bytes of ten columns into a table of a DuckDB file: through our landing (a pipe, Parquet, control totals)
 * and load; through DuckDB's own reader straight from the file, which is the floor; and row by row through
 * papaparse and DuckDB's appender. Each way runs in a process of its own, so that its memory is its own.
 *
 *   npm run build && node dist/bench/load.js [rows, default 1000000] [a word of one way, to leave out the others]
 */
const columnTypes: Record<string, RawType> = {
  id: 'bigint',
  account_ref: 'text',
  product: 'text',
  net_amount: { precision: 18, scale: 2 },
  ordered_on: 'date',
  ordered_at: 'timestamp',
  weight: 'double',
  digest: 'text',
  note: 'text',
  is_gift: 'boolean',
};
const columns: Column[] = Object.entries(columnTypes).map(([name, type]) => ({ name, type, sourceType: '' }));
const duckdbTypes = [
  'BIGINT',
  'VARCHAR',
  'VARCHAR',
  'DECIMAL(18, 2)',
  'DATE',
  'TIMESTAMP',
  'DOUBLE',
  'VARCHAR',
  'VARCHAR',
  'BOOLEAN',
];
const memoryLimit = '1GB';
const threads = cpus().length;

const ways: Record<string, (csv: string, folder: string) => Promise<string>> = {
  'DuckDB read_csv from the file': throughReadCsv,
  'whalecurve: landing, then load': throughWhalecurve,
  'papaparse and appender': throughPapaparse,
};

if (process.argv[2] === '--way') await runOneWay();
else await compare(Number(process.argv[2] ?? 1_000_000), process.argv[3] ?? '');

async function compare(rows: number, word: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-bench-'));
  try {
    const csv = join(folder, 'rows.csv');
    await writeRows(csv, rows);
    const { size } = await stat(csv);
    console.log(
      `${rows} rows of ${columns.length} columns, ${(size / 1e6).toFixed(0)} MB of CSV, ${threads} cores, memory limit ${memoryLimit}\n`,
    );
    console.log(
      '| way | s | CPU s | rows/s | MB/s | CPU ratio | peak MB | |\n|---|---|---|---|---|---|---|---|',
    );
    let floor: number | undefined;
    for (const name of Object.keys(ways).filter((way) => way.includes(word))) {
      const runs = [await measured(name, csv, folder), await measured(name, csv, folder)];
      const best = runs.reduce((left, right) => (left.seconds <= right.seconds ? left : right));
      const leastCpu = Math.min(...runs.map((run) => run.cpuSeconds));
      floor ??= leastCpu;
      const cells = [
        name,
        best.seconds.toFixed(2),
        leastCpu.toFixed(2),
        Math.round(rows / best.seconds),
        (size / best.seconds / 1e6).toFixed(0),
        (leastCpu / floor).toFixed(2),
        Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes)),
        best.detail,
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measured {
  seconds: number;
  /** Of all threads; on a machine that does other work too, it says more than the seconds. */
  cpuSeconds: number;
  peakMegabytes: number;
  detail: string;
}

async function measured(name: string, csv: string, folder: string): Promise<Measured> {
  const work = join(folder, 'work');
  await mkdir(work);
  try {
    const script = fileURLToPath(import.meta.url);
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--way', name, csv, work]);
    return JSON.parse(stdout) as Measured;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function runOneWay(): Promise<void> {
  const [, , , name = '', csv = '', folder = ''] = process.argv;
  const start = performance.now();
  const detail = await ways[name]?.(csv, folder);
  const seconds = (performance.now() - start) / 1000;
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ seconds, cpuSeconds: cpuSeconds(), peakMegabytes, detail }));
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function writeRows(path: string, rows: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`copy (
      select i, 'C' || (i * 7919 % 50021), 'product ' || (i % 997), cast(i % 1000000 as decimal(18, 2)) / 100,
        date '2020-01-01' + cast(i % 1500 as integer), timestamp '2020-01-01' + to_seconds(i), i * 0.37,
        md5(cast(i as varchar)), case when i % 7 > 0 then 'says "yes", then no' end, i % 2 = 0
      from range(${rows}) as r(i)
    ) to '${path}' (header false, delimiter ',', quote '"', escape '"', nullstr '')`);
  connection.closeSync();
  instance.closeSync();
}

async function throughWhalecurve(csv: string, folder: string): Promise<string> {
  const landing = duckdbLanding({ memoryLimit, threads });
  const part: StreamPart = {
    kind: 'csv',
    columns,
    dialect: canonicalDialect,
    bytes: createReadStream(csv, { highWaterMark: 256 * 1024 }),
  };
  const request = {
    name: 'purchases',
    table: { key: ['id'], map: {}, types: {}, format: {} },
    moneyColumns: ['net_amount'],
  };
  const start = cpuSeconds();
  const signal = new AbortController().signal;
  const session = landing.open({ runId: 'bench', folder, subfolder: '', signal });
  const landed = await session.land(Readable.from([part]), request, { fileName: 'purchases' });
  await session.close();
  const landedAt = cpuSeconds();
  const engine = await openDuckdb({
    databasePath: join(folder, 'state.duckdb'),
    warehousePath: join(folder, 'warehouse.duckdb'),
    memoryLimit,
    threads,
    prelude: '',
  });
  const stamp = { extractedAt: '2024-01-01T00:00:00Z', runId: 'bench', folder };
  await engine.transaction(() => engine.load(landed, { schema: 'raw', table: 'purchases' }, stamp));
  await engine.close();
  return `landing ${(landedAt - start).toFixed(2)} CPU s, load ${(cpuSeconds() - landedAt).toFixed(2)} CPU s`;
}

async function throughReadCsv(csv: string, folder: string): Promise<string> {
  const instance = await DuckDBInstance.create(join(folder, 'peer.duckdb'), settings());
  const connection = await instance.connect();
  const types = columns.map(({ name }, index) => `'${name}': '${duckdbTypes[index]}'`).join(', ');
  await connection.run(
    `create table purchases as from read_csv('${csv}', columns = {${types}}, auto_detect = false, header = false)`,
  );
  connection.closeSync();
  instance.closeSync();
  return '';
}

async function throughPapaparse(csv: string, folder: string): Promise<string> {
  const instance = await DuckDBInstance.create(join(folder, 'peer.duckdb'), settings());
  const connection = await instance.connect();
  await connection.run(`create table texts (${columns.map(({ name }) => `${name} varchar`).join(', ')})`);
  const appender = await connection.createAppender('texts');
  const rows = createReadStream(csv).pipe(papaparse.parse(papaparse.NODE_STREAM_INPUT, {}));
  for await (const row of rows as AsyncIterable<string[]>) {
    for (const value of row) {
      if (value === '') appender.appendNull();
      else appender.appendVarchar(value);
    }
    appender.endRow();
  }
  appender.closeSync();
  const casts = columns.map(({ name }, index) => `cast(${name} as ${duckdbTypes[index]}) as ${name}`);
  await connection.run(`create table purchases as select ${casts.join(', ')} from texts; drop table texts`);
  connection.closeSync();
  instance.closeSync();
  return '';
}

function settings(): Record<string, string> {
  return { memory_limit: memoryLimit, threads: String(threads) };
}
