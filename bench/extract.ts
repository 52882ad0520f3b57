import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import Table from 'cli-table3';
import mysql from 'mysql2';
import Papa from 'papaparse';
import pg from 'pg';
import { openSource } from '../connectors/sources/registry.ts';
import type { SourceContext, TableRequest } from '../connectors/sources/source.ts';
import { createMariadbDatabase } from '../test/servers/mariadb.ts';
import { createPostgresDatabase, type TestDatabase } from '../test/servers/postgres.ts';

/**
 * Reading one table of ten columns out of MariaDB and PostgreSQL, to nowhere: through our sources, through the
 * drivers that decode each row, and through the servers' own clients.
 *
 *   npm run build && node dist/bench/extract.js [rows, default 1000000]
 *
 * Each way is measured once to warm the server, then twice; the better time counts. "CPU here" are the seconds
 * that this process, without the servers and their clients, kept a processor busy.
 */
const rows = Number(process.argv[2] ?? 1_000_000);
const request: TableRequest = {
  name: 'purchases',
  table: { key: ['id'], map: {}, types: {}, format: {} },
  moneyColumns: ['net_amount'],
};

interface Way {
  name: string;
  /** Gives the bytes that arrived, or null where they are not seen. */
  read(): Promise<number | null>;
}

const table = new Table({
  head: ['server', 'way', 'seconds', 'rows/s', 'MB/s', 'CPU here', 'ratio'],
  style: { head: [], border: [] },
});
for (const [server, type, create, fill, peers] of [
  ['MariaDB', 'mysql', createMariadbDatabase, fillMariadb, mariadbPeers],
  ['PostgreSQL', 'postgres', createPostgresDatabase, fillPostgres, postgresPeers],
] as const) {
  const database = await create();
  try {
    await database.run(fill());
    await measure(server, [...ours(type, database), ...peers(database)]);
  } finally {
    await database.drop();
  }
}
console.log(`${rows} rows of 10 columns, ${cpus().length} cores, Node ${process.versions.node}`);
console.log(table.toString());

async function measure(server: string, ways: readonly Way[]): Promise<void> {
  let first = 0;
  for (const { name, read } of ways) {
    let best = Number.POSITIVE_INFINITY;
    let bytes: number | null = null;
    let processorSeconds = 0;
    try {
      await read();
      for (let attempt = 0; attempt < 2; attempt++) {
        const start = performance.now();
        const processor = process.cpuUsage();
        bytes = await read();
        const seconds = (performance.now() - start) / 1000;
        const { user, system } = process.cpuUsage(processor);
        if (seconds < best) processorSeconds = (user + system) / 1e6;
        best = Math.min(best, seconds);
      }
    } catch (error) {
      console.error(`${server}, ${name}: left out, ${error instanceof Error ? error.message : error}`);
      continue;
    }
    if (first === 0) first = best;
    const speed = bytes === null ? '' : (bytes / best / 1e6).toFixed(0);
    table.push([
      server,
      name,
      best.toFixed(2),
      Math.round(rows / best),
      speed,
      processorSeconds.toFixed(2),
      `${(best / first).toFixed(2)} ×`,
    ]);
  }
}

function ours(type: 'mysql' | 'postgres', database: TestDatabase): Way[] {
  const context: SourceContext = {
    name: 'bench',
    folder: '.',
    config: {
      type,
      url: database.url,
      timezone: 'UTC',
      connect_timeout: 10,
      stall_timeout: 60,
      statement_timeout: 0,
      tables: {},
    },
  };
  const read = async (hasControl: boolean) => {
    const source = await openSource(context);
    const snapshot = await source.openSnapshot(new AbortController().signal);
    let bytes = 0;
    try {
      for await (const part of snapshot.read(request)) {
        if (part.kind !== 'csv') continue;
        for await (const chunk of part.bytes) bytes += chunk.length;
        if (hasControl) await snapshot.control(request, part.columns);
      }
    } finally {
      await snapshot.close();
    }
    return bytes;
  };
  return [
    { name: 'whalecurve source', read: () => read(false) },
    { name: 'whalecurve source, with control totals', read: () => read(true) },
  ];
}

function mariadbPeers(database: TestDatabase): Way[] {
  const { hostname, port, username, password, pathname } = new URL(database.url);
  const login = [
    `-h${hostname}`,
    `-P${port || 3306}`,
    `-u${username}`,
    ...(password ? [`-p${password}`] : []),
  ];
  return [
    {
      name: 'mysql2, each column decoded',
      read: () =>
        new Promise((resolve, reject) => {
          const connection = mysql.createConnection(database.url);
          const query = connection.query('select * from purchases');
          query.on('error', reject);
          query.on('result', () => {});
          query.on('end', () => {
            connection.end();
            resolve(null);
          });
        }),
    },
    {
      name: 'mysql2, decoded and written as CSV by papaparse',
      read: () =>
        new Promise((resolve, reject) => {
          const connection = mysql.createConnection({ uri: database.url, rowsAsArray: true });
          const query = connection.query('select * from purchases');
          let batch: unknown[] = [];
          let bytes = 0;
          const write = () => {
            bytes += Buffer.byteLength(Papa.unparse(batch as unknown[][], { newline: '\n' }));
            batch = [];
          };
          query.on('error', reject);
          query.on('result', (row) => {
            if (batch.push(row) === 1000) write();
          });
          query.on('end', () => {
            if (batch.length > 0) write();
            connection.end();
            resolve(bytes);
          });
        }),
    },
    {
      name: 'mysql --quick',
      read: () =>
        bytesOf('mysql', [...login, '--quick', '-N', '-e', 'select * from purchases', pathname.slice(1)]),
    },
  ];
}

function postgresPeers(database: TestDatabase): Way[] {
  return [
    {
      name: 'pg, each column decoded',
      read: async () => {
        const client = new pg.Client(database.url);
        await client.connect();
        await new Promise<void>((resolve, reject) => {
          const query = client.query(new pg.Query('select * from purchases'));
          query.on('row', () => {});
          query.on('error', reject);
          query.on('end', () => resolve());
        });
        await client.end();
        return null;
      },
    },
    {
      name: 'psql, COPY to CSV',
      read: () => bytesOf('psql', [database.url, '-c', 'copy purchases to stdout (format csv)']),
    },
  ];
}

function bytesOf(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let bytes = 0;
    child.on('error', reject);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    child.on('close', (code) => (code === 0 ? resolve(bytes) : reject(new Error(`${command} gave ${code}`))));
  });
}

function fillPostgres(): string {
  return `
    create table purchases (id bigint primary key, account_ref varchar(20) not null, ordered_at timestamp not null,
      product_ref varchar(20), quantity int, net_amount numeric(12, 2), discount_amount numeric(12, 2),
      status varchar(20), email varchar(80), note text);
    insert into purchases
    select i, 'A' || i % 50000, timestamp '2020-01-01' + i * interval '1 minute', 'P' || i % 997, i % 9 + 1,
           (i * 7919 % 100000) / 100.0, case when i % 3 = 0 then (i % 500) / 100.0 end,
           case i % 4 when 0 then 'shipped' when 1 then 'open' when 2 then 'returned' end,
           'customer.' || i % 50000 || '@example.com', 'size 5" pipe, item ' || i
      from generate_series(1::bigint, ${rows}) as i;
    analyze purchases`;
}

function fillMariadb(): string {
  return `
    create table purchases (id bigint primary key, account_ref varchar(20) not null, ordered_at datetime not null,
      product_ref varchar(20), quantity int, net_amount decimal(12, 2), discount_amount decimal(12, 2),
      status varchar(20), email varchar(80), note text);
    insert into purchases
    select seq, concat('A', seq % 50000), timestamp '2020-01-01 00:00:00' + interval seq minute,
           concat('P', seq % 997), seq % 9 + 1, (seq * 7919 % 100000) / 100.0,
           case when seq % 3 = 0 then (seq % 500) / 100.0 end,
           case seq % 4 when 0 then 'shipped' when 1 then 'open' when 2 then 'returned' end,
           concat('customer.', seq % 50000, '@example.com'), concat('size 5" pipe, item ', seq)
      from seq_1_to_${rows};
    analyze table purchases`;
}
