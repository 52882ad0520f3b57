import { cpus } from 'node:os';
import Table from 'cli-table3';
import { engines } from '../test/connectors/engines/engines.ts';
import { type SourceSettings, startNights } from '../test/jobs/incremental/nights-of-a-table.ts';
import { createMariadbDatabase } from '../test/servers/mariadb.ts';
import { createPostgresDatabase } from '../test/servers/postgres.ts';

/**
 * Nights of one table of ten columns, extracted and loaded: as a whole, and by what changed.
 *
 *   npm run build && node dist/bench/incremental.js [rows, default 300000]
 *
 * "CPU here" is what this process used, the embedded engine in it, without the servers. Each night is measured once, after
 * one that loaded everything.
 */
const rows = Number(process.argv[2] ?? 300_000);
const changed = Math.round(rows / 100);

const sources = [
  {
    name: 'PostgreSQL',
    type: 'postgres',
    create: createPostgresDatabase,
    fill: `create table purchases as select n as id, timestamp '2020-01-01' + n * interval '1 minute' as updated_at,
        n % 5000 as customer_no, 'product ' || n % 700 as product, 'shop' as channel, n % 9 as quantity,
        (n % 9999 + 0.25)::numeric(12, 2) as gross, 0.10::numeric(12, 2) as discount, (n % 9999)::numeric(12, 2) as net,
        'a note of some length, as people write them' as note
      from generate_series(1, ${rows}) as n;
      alter table purchases add primary key (id); create index on purchases (updated_at); analyze purchases`,
  },
  {
    name: 'MariaDB',
    type: 'mysql',
    create: createMariadbDatabase,
    fill: `create table purchases (id int primary key, updated_at datetime(6), customer_no int, product varchar(40),
        channel varchar(20), quantity int, gross decimal(12, 2), discount decimal(12, 2), net decimal(12, 2),
        note varchar(100), index (updated_at));
      insert into purchases select seq, timestamp '2020-01-01 00:00:00' + interval seq minute, seq % 5000,
        concat('product ', seq % 700), 'shop', seq % 9, seq % 9999 + 0.25, 0.10, seq % 9999,
        'a note of some length, as people write them' from seq_1_to_${rows}`,
  },
] as const;

const strategies: readonly { name: string; table: SourceSettings; changes: number }[] = [
  { name: 'full', table: { strategy: 'full' }, changes: 0 },
  { name: 'cursor, nothing changed', table: { cursor: 'updated_at' }, changes: 0 },
  { name: 'cursor, 1 % changed', table: { cursor: 'updated_at' }, changes: changed },
  {
    name: 'cursor and keys compared, 1 % changed',
    table: { cursor: 'updated_at', deletes: 'compare_keys' },
    changes: changed,
  },
  { name: 'snapshot_diff, 1 % changed', table: { strategy: 'snapshot_diff' }, changes: changed },
];

const table = new Table({
  head: [
    'engine',
    'source',
    'night',
    'seconds',
    'of full',
    'CPU here',
    'of full',
    'rows sent',
    'rows written',
  ],
  style: { head: [], border: [] },
});
for (const { name: engine, start } of engines.slice(0, 2)) {
  for (const { name: source, type, create, fill } of sources) {
    const database = await create();
    const nights = await startNights(await start());
    try {
      await database.run(fill);
      let next = 0;
      let full = { seconds: 0, processor: 0 };
      for (const { name, table: settings, changes } of strategies) {
        const shop = { type, url: database.url, tables: { purchases: { key: 'id', ...settings } } };
        // Once before it, so that it has something to go on from.
        await nights.night(shop);
        for (let first = 0; first < changes; first += 1000) {
          const time = `'2022-01-01 00:00:${String(next % 60).padStart(2, '0')}'`;
          await database.run(
            `update purchases set net = net + 1, updated_at = ${time} where id % 100 = 7 and id > ${first * 100} and id <= ${(first + 1000) * 100}`,
          );
        }
        next += 1;
        const began = performance.now();
        const processor = process.cpuUsage();
        const night = await nights.night(shop);
        const seconds = (performance.now() - began) / 1000;
        const { user, system } = process.cpuUsage(processor);
        const processorSeconds = (user + system) / 1e6;
        if (name === 'full') full = { seconds, processor: processorSeconds };
        const { sentRows = 0, changedRows = 0 } = night.tables.purchases ?? {};
        table.push([
          engine,
          source,
          name,
          seconds.toFixed(2),
          `${((100 * seconds) / full.seconds).toFixed(0)} %`,
          processorSeconds.toFixed(2),
          `${((100 * processorSeconds) / full.processor).toFixed(0)} %`,
          sentRows,
          changedRows ?? rows,
        ]);
      }
    } finally {
      await nights.end();
      await database.drop();
    }
  }
}
console.log(`${rows} rows of 10 columns, ${cpus().length} cores, Node ${process.versions.node}`);
console.log(table.toString());
