import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { createMariadbDatabase } from '../servers/mariadb.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';
import { engines, makeWorkplace, type Workplace } from './workplace.ts';

/**
 * Local time, and UTC by Python's zoneinfo (tzdata 2025b): with `fold=1` for an hour that comes twice, the second of
 * the two; with the offset from before the change for a time that the clocks skip, which is as if they had not.
 */
const moments: Readonly<Record<string, readonly (readonly [local: string, utc: string])[]>> = {
  'Europe/Berlin': [
    ['2024-03-31 01:59:59', '2024-03-31 00:59:59'],
    ['2024-03-31 02:30:00', '2024-03-31 01:30:00'],
    ['2024-03-31 03:00:00', '2024-03-31 01:00:00'],
    ['2024-10-27 01:59:59', '2024-10-26 23:59:59'],
    ['2024-10-27 02:30:00', '2024-10-27 01:30:00'],
    ['2024-10-27 03:00:00', '2024-10-27 02:00:00'],
    // From summer time to double summer time.
    ['1947-05-11 03:30:00', '1947-05-11 01:30:00'],
    // Before there were zones: 53 minutes 28 seconds.
    ['1890-01-01 00:00:00', '1889-12-31 23:06:32'],
  ],
  'America/New_York': [
    ['2024-03-10 01:59:59', '2024-03-10 06:59:59'],
    ['2024-03-10 02:30:00', '2024-03-10 07:30:00'],
    ['2024-03-10 03:00:00', '2024-03-10 07:00:00'],
    ['2024-11-03 00:59:59', '2024-11-03 04:59:59'],
    ['2024-11-03 01:30:00', '2024-11-03 06:30:00'],
    ['2024-11-03 02:00:00', '2024-11-03 07:00:00'],
    // Summer time in January for the oil crisis, and in April before 2007.
    ['1974-01-06 02:30:00', '1974-01-06 07:30:00'],
    ['2006-04-02 02:30:00', '2006-04-02 07:30:00'],
  ],
  // The clocks go by half an hour.
  'Australia/Lord_Howe': [
    ['2024-10-06 01:59:59', '2024-10-05 15:29:59'],
    ['2024-10-06 02:15:00', '2024-10-05 15:45:00'],
    ['2024-10-06 02:30:00', '2024-10-05 15:30:00'],
    ['2024-04-07 01:29:59', '2024-04-06 14:29:59'],
    ['2024-04-07 01:45:00', '2024-04-06 15:15:00'],
    ['2024-04-07 02:00:00', '2024-04-06 15:30:00'],
    // Half an hour off what it is today.
    ['1984-01-15 12:00:00', '1984-01-15 00:30:00'],
    ['1981-02-28 23:50:00', '1981-02-28 13:50:00'],
  ],
};

const zones = Object.keys(moments);
const tableOf = (zone: string) => zone.split('/')[1]?.toLowerCase() ?? '';
const rows = (zone: string) => (moments[zone] ?? []).map(([local], index) => [index + 1, local] as const);

function tables(names: (zone: string) => string): string {
  return zones
    .map(
      (zone) => `      ${names(zone)}:
        entity: purchases
        key: id
        timezone: ${zone}
        map: { purchase_ref: id, account_ref: "'a'", ordered_at: at_time, net_amount: "1" }
`,
    )
    .join('');
}

const yaml = `warehouse: { engine: duckdb, path: ./warehouse.duckdb }
reporting: { as_of: 2026-01-31 }
sources:
  archive: 
    type: files
    path: ./exports
    tables:
${tables((zone) => `${tableOf(zone)}.csv`)}
  finance:
    type: postgres
    url: \${FINANCE_URL}
    tables:
${tables(tableOf)}
  sales:
    type: mysql
    url: \${SALES_URL}
    tables:
${tables(tableOf)}`;

function script(type: string): string {
  return zones
    .map(
      (zone) => `create table ${tableOf(zone)} (id int primary key, at_time ${type});
        insert into ${tableOf(zone)} values ${rows(zone)
          .map(([id, local]) => `(${id}, '${local}')`)
          .join(', ')};`,
    )
    .join('\n');
}

describe.each(engines)('on engine %s, a time without a zone', (engine) => {
  let finance: TestDatabase;
  let sales: TestDatabase;
  let place: Workplace;

  beforeAll(async () => {
    [finance, sales] = await Promise.all([createPostgresDatabase(), createMariadbDatabase()]);
    await Promise.all([finance.run(script('timestamp')), sales.run(script('datetime'))]);
    const files = Object.fromEntries(
      zones.map((zone) => [
        `exports/${tableOf(zone)}.csv`,
        `id,at_time\n${rows(zone)
          .map((row) => `${row.join(',')}\n`)
          .join('')}`,
      ]),
    );
    const environment = { FINANCE_URL: finance.url, SALES_URL: sales.url };
    place = await makeWorkplace(yaml, files, environment, engine);
    await runPipeline(await place.config(), { now: new Date('2026-02-01T02:00:00Z') });
  }, 180_000);
  afterAll(async () => {
    await place.remove();
    await Promise.all([finance.drop(), sales.drop()]);
  });

  const cases = zones.flatMap((zone) => [
    ['files', 'archive', `${tableOf(zone)}.csv`, zone],
    ['PostgreSQL', 'finance', tableOf(zone), zone],
    ['MariaDB', 'sales', tableOf(zone), zone],
  ]);

  it.each(cases)(
    'of %s is on the clock of its table, over both changes of it: %s.%s',
    async (_, source, table, zone) => {
      const found = await place.query(
        'state',
        `select cast(ordered_at as text) as utc from entities.purchases
       where source = '${source}' and source_table = '${table}' order by cast(purchase_ref as integer)`,
      );
      const expected = (moments[zone ?? ''] ?? []).map(([, utc]) => utc);
      expect(found.map(({ utc }) => utc)).toEqual(expected);
    },
  );
});
