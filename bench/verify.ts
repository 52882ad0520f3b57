import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { duckdbLanding } from '../connectors/engines/duckdb/duckdb-landing.ts';
import { openSource } from '../connectors/sources/registry.ts';
import type { SourceContext, TableRequest, Verify } from '../connectors/sources/source.ts';
import { createMariadbDatabase } from '../test/servers/mariadb.ts';
import { createPostgresDatabase } from '../test/servers/postgres.ts';

/**
 * What each level of `verify` costs: one table of ten columns is read and landed, then the source says what it sent.
 * "land" holds the engine's own totals, and for a file those of the source, which come out of its bytes as they pass.
 *
 *   npm run build && node dist/bench/verify.js [rows, default 3000000]
 */
const rows = Number(process.argv[2] ?? 3_000_000);
const levels: Verify[] = ['count', 'keys', 'rows'];
const database = { timezone: 'UTC', connect_timeout: 10, statement_timeout: 0, stall_timeout: 0, tables: {} };

const columns = (text: string, double: string, timestamp: string) => `
  id bigint primary key, account_ref ${text}, product ${text}, net_amount numeric(18, 2), ordered_on date,
  ordered_at ${timestamp}, weight ${double}, digest ${text}, note ${text}, is_gift boolean`;

console.log(`${rows} rows of 10 columns, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`);
console.log(
  '| source | verify | land s | land CPU s | source says s | both, against count |\n|---|---|---|---|---|---|',
);

const postgres = await createPostgresDatabase();
try {
  await postgres.run(`create table purchases (${columns('text', 'double precision', 'timestamp')});
    insert into purchases select i, 'C' || (i * 7919 % 50021), 'product ' || (i % 997), (i % 1000000) / 100.0,
      date '2020-01-01' + (i % 1500)::int, timestamp '2020-01-01' + i * interval '1 second', i * 0.37,
      md5(i::text), case when i % 7 > 0 then 'says "yes", then no' end, i % 2 = 0
    from generate_series(1::bigint, ${rows}) as i; analyze purchases`);
  await measure('PostgreSQL', 'purchases', { ...database, type: 'postgres', url: postgres.url });
} finally {
  await postgres.drop();
}
const mariadb = await createMariadbDatabase();
try {
  await mariadb.run(`create table purchases (${columns('varchar(40)', 'double', 'datetime')});
    insert into purchases select seq, concat('C', seq * 7919 % 50021), concat('product ', seq % 997),
      (seq % 1000000) / 100, date '2020-01-01' + interval seq % 1500 day,
      timestamp '2020-01-01 00:00:00' + interval seq second, seq * 0.37e0, md5(seq),
      case when seq % 7 > 0 then 'says "yes", then no' end, seq % 2 = 0 from seq_1_to_${rows}`);
  await measure('MariaDB', 'purchases', { ...database, type: 'mysql', url: mariadb.url });
} finally {
  await mariadb.drop();
}
const folder = await mkdtemp(join(tmpdir(), 'whalecurve-bench-'));
try {
  await pipeline(Readable.from(lines()), createWriteStream(join(folder, 'purchases.csv')));
  await measure('CSV file', 'purchases.csv', { type: 'files', path: folder, timezone: 'UTC', tables: {} });
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(name: string, table: string, config: SourceContext['config']): Promise<void> {
  const source = await openSource({ name: 'shop', config, folder: '.' });
  const landing = duckdbLanding({ memoryLimit: '1GB', threads: cpus().length });
  let least = 0;
  for (const verify of levels) {
    const request: TableRequest = {
      name: table,
      table: { key: ['id'], map: {}, types: {}, format: {} },
      moneyColumns: ['net_amount'],
      verify,
    };
    const signal = new AbortController().signal;
    const snapshot = await source.openSnapshot(signal);
    const work = await mkdtemp(join(tmpdir(), 'whalecurve-bench-'));
    const start = performance.now();
    const cpuStart = process.cpuUsage();
    const session = landing.open({ runId: 'bench', folder: work, subfolder: 'shop', signal });
    const landed = await session.land(snapshot.read(request), request, { fileName: 'rows' });
    await session.close();
    const cpu = process.cpuUsage(cpuStart);
    const landSeconds = (performance.now() - start) / 1000;
    const control = await snapshot.control(request, landed.columns);
    const sourceSeconds = (performance.now() - start) / 1000 - landSeconds;
    if (control.rows !== landed.totals.rows || control.rowChecksum !== landed.totals.rowChecksum) {
      throw new Error(`${name}: the totals differ`);
    }
    await snapshot.close();
    await rm(work, { recursive: true, force: true });
    const total = landSeconds + sourceSeconds;
    if (least === 0) least = total;
    const cells = [
      name,
      verify,
      landSeconds.toFixed(1),
      ((cpu.user + cpu.system) / 1e6).toFixed(1),
      sourceSeconds.toFixed(1),
      `${(total / least).toFixed(2)} ×`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function* lines(): Generator<string> {
  let text = 'id,account_ref,product,net_amount,ordered_on,ordered_at,weight,digest,note,is_gift\n';
  for (let n = 1; n <= rows; n += 1) {
    const day = new Date(Date.UTC(2020, 0, 1 + (n % 1500))).toISOString().slice(0, 10);
    const digest = (n * 2654435761).toString(16).padStart(32, 'd');
    const note = n % 7 > 0 ? '"says ""yes"", then no"' : '';
    const amount = ((n % 1_000_000) / 100).toFixed(2);
    text += `${n},C${(n * 7919) % 50021},product ${n % 997},${amount},${day},${day} 00:00:00,${n * 0.37},${digest},${note},${n % 2 === 0}\n`;
    if (text.length < 1 << 18) continue;
    yield text;
    text = '';
  }
  yield text;
}
