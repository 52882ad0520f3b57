import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MatchedCompany, matchedCompany } from '../cli/matched-company.ts';
import { engines } from './workplace.ts';

/** Ada has crm:1 and shop:a, and bought for 1000.00 in January; see matched-company.ts. */
describe.each(engines)('whalecurve forget on %s', (engine) => {
  let company: MatchedCompany;
  let certificate: Record<string, unknown>;
  beforeAll(async () => {
    company = await matchedCompany(engine);
    const people = await readFile(join(company.folder, 'crm/people.csv'), 'utf8');
    await company.write({
      // A row of hers that was refused: it is in the quarantine with her name.
      'crm/people.csv': `${people}1,Ada,Byron,ada@example.org,,1985-12-10,,,\n`,
    });
    // 3: one of seven rows is more than the limit.
    expect((await company.command('run')).exitCode).toBe(3);
    // What the search below finds where there is something to find.
    expect((await traces('state')).length).toBeGreaterThan(20);
    const { stdout, stderr, exitCode } = await company.command(
      ...['forget', 'ada@example.org', '--why', 'request 7', '--json'],
    );
    expect([exitCode, stderr.includes('WC-')]).toEqual([0, false]);
    certificate = JSON.parse(stdout);
  });
  afterAll(() => company?.remove());

  /** Every text of a database, searched for what would show her. */
  const traces = async (database: 'state' | 'warehouse') => {
    const columns = await company.query(
      database,
      `select c.table_schema, c.table_name, c.column_name from information_schema.columns as c
       join information_schema.tables as t on t.table_schema = c.table_schema and t.table_name = c.table_name
       where t.table_type = 'BASE TABLE' and c.table_schema not in ('information_schema', 'pg_catalog')
         and lower(c.data_type) in ('varchar', 'text')`,
    );
    expect(columns.length).toBeGreaterThan(100);
    const texts = new Map<string, string[]>();
    for (const { table_schema, table_name, column_name } of columns) {
      const table = `"${table_schema}"."${table_name}"`;
      texts.set(table, [...(texts.get(table) ?? []), `lower("${column_name}")`]);
    }
    const searches = [...texts].map(
      ([table, columns]) => `select '${table}' as place from ${table}
        where regexp_replace(concat_ws('|', ${columns.join(', ')}), 'ada@example|byron|7946 ?0001|12 st james', '')
          <> concat_ws('|', ${columns.join(', ')})`,
    );
    return company.query(database, searches.join(' union all '));
  };

  it('certifies what was erased, and that nothing of the person is left; without a value of it', () => {
    expect(certificate).toMatchObject({ accounts: 2, why: 'request 7', search: { left: [] } });
    const erased = certificate.erased as { table: string; rows: number }[];
    const rowsOf = (table: string) => erased.find((entry) => entry.table === table)?.rows;
    expect(rowsOf('raw.crm__people_csv')).toBe(2);
    expect(rowsOf('raw.shop__accounts_csv')).toBe(1);
    expect(rowsOf('raw.shop__orders_csv')).toBe(1);
    expect(rowsOf('identity.members')).toBe(2);
    expect(rowsOf('whalecurve.customer_ids')).toBe(1);
    expect(JSON.stringify(certificate)).not.toMatch(/ada@|Byron|7946/i);
  });

  it('leaves nothing of the person in the state or the warehouse', async () => {
    expect(await traces('state')).toEqual([]);
    expect(await traces('warehouse')).toEqual([]);
  });

  it('keeps the totals of earlier months right: what went stands in forgotten_totals', async () => {
    expect(
      await company.query('warehouse', 'select month, entity, events, money from warehouse.forgotten_totals'),
    ).toEqual([{ month: '2026-01-01', entity: 'purchases', events: '1', money: '1000.0000' }]);
    // 234.50 + 99 + 500 + 5: what the others bought.
    expect(
      await company.query('warehouse', 'select sum(net_amount_reporting) as money from warehouse.purchases'),
    ).toEqual([{ money: '838.5000' }]);
  });

  it('stays forgotten when the sources send the rows again; every row still has a fate', async () => {
    expect((await company.command('run')).exitCode).toBe(0);
    expect(await traces('state')).toEqual([]);
    expect(await traces('warehouse')).toEqual([]);
    expect(
      await company.query(
        'warehouse',
        `select source_table, extracted_rows, loaded_rows, filtered_rows, quarantined_rows, filtered_money
         from warehouse.run_tables where run_id = (select max(run_id) from warehouse.runs)
         order by source_table`,
      ),
    ).toEqual([
      fates('accounts.csv', 6, 5, 1, null),
      fates('orders.csv', 5, 4, 1, '1000.0000'),
      fates('people.csv', 7, 5, 2, null),
    ]);
  });

  it('does not know the person any more, and says so', async () => {
    const { exitCode, stderr } = await company.command('forget', 'ada@example.org');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('WC-USAGE-003')]);
  });
});

function fates(table: string, extracted: number, loaded: number, filtered: number, money: string | null) {
  return {
    source_table: table,
    extracted_rows: String(extracted),
    loaded_rows: String(loaded),
    filtered_rows: String(filtered),
    quarantined_rows: '0',
    filtered_money: money,
  };
}
