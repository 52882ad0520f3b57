import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engines, makeWorkplace, type Workplace } from '../pipelines/workplace.ts';
import { runCommand } from './run-command.ts';

const yaml = (amount: string) => `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
sources:
  shop:
    type: files
    path: shop
    tables:
      orders.csv:
        entity: purchases
        key: id
        quarantine: { max_share: 1, max_rows: 0 }
        map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: "${amount}" }
`;
const orders = `id,client,day,amount
1,a,2026-01-01,10.00
2,b,2026-01-02,ten
3,c,2026-01-03,ten
4,,2026-01-04,4.00
`;

describe.each(engines)('whalecurve quarantine on %s', (engine) => {
  let place: Workplace;
  const whalecurve = (...words: string[]) =>
    runCommand(words, { cwd: place.folder, now: '2026-07-02T02:00:00Z', environment: { USER: 'ada' } });
  const json = async (...words: string[]) => JSON.parse((await whalecurve(...words, '--json')).stdout);

  beforeAll(async () => {
    place = await makeWorkplace(yaml('amount'), { 'shop/orders.csv': orders }, {}, engine);
    const night = await runCommand(['run'], { cwd: place.folder, now: '2026-07-01T02:00:00Z' });
    expect(night.exitCode).toBe(3);
    expect(night.stdout).toContain(
      '3 rows, 75.0 % of shop.orders.csv, more than quarantine.max_rows: 0 allows',
    );
  }, 60_000);
  afterAll(() => place.remove());

  it('list groups the refused rows of the last run by table and reason', async () => {
    const { groups, aboveLimit } = await json('quarantine', 'list');
    expect(groups).toMatchObject([
      { source: 'shop', table: 'orders.csv', rule: 'type', column: 'net_amount', rows: 2, accepted: 0 },
      { source: 'shop', table: 'orders.csv', rule: 'required', column: 'account_ref', rows: 1, accepted: 0 },
    ]);
    expect(aboveLimit).toEqual([
      { table: 'shop.orders.csv', rows: 3, share: 0.75, limit: 'quarantine.max_rows: 0' },
    ]);
    const { stdout } = await whalecurve('quarantine', 'list');
    expect(stdout).toMatch(/shop\.orders\.csv {2}type +net_amount +2/);
  });

  it('show names each row by its key, with the value that was found', async () => {
    expect(await json('quarantine', 'show', 'shop.orders.csv', '--rule', 'type')).toMatchObject([
      { row: '2', column: 'net_amount', value: 'ten', isAccepted: false },
      { row: '3', column: 'net_amount', value: 'ten' },
    ]);
    expect(await json('quarantine', 'show', '--row', '4')).toHaveLength(1);
    expect(await json('quarantine', 'show', '--limit', '2')).toHaveLength(2);
  });

  it('refuses a table that the config does not have, and a drop that means no row', async () => {
    const unknown = await whalecurve('quarantine', 'show', 'shop.nothing.csv', '--json');
    expect([unknown.exitCode, JSON.parse(unknown.stderr).error.code]).toEqual([2, 'WC-USAGE-001']);
    const none = await whalecurve(
      'quarantine',
      'drop',
      'shop.orders.csv',
      '--why',
      'x',
      '--rule',
      'money_range',
    );
    expect(none.exitCode).toBe(2);
  });

  it('drop accepts rows as refused, and keeps who did so, when and why', async () => {
    const words = ['drop', 'shop.orders.csv', '--rule', 'required', '--why', 'orders of the till'];
    expect(await json('quarantine', ...words)).toEqual({ accepted: 1 });
    expect(await place.query('state', 'select * from whalecurve.quarantine_accepted')).toEqual([
      {
        source: 'shop',
        source_table: 'orders.csv',
        source_row: '4',
        column_name: 'account_ref',
        rule: 'required',
        why: 'orders of the till',
        accepted_by: 'ada',
        accepted_at: '2026-07-02T02:00:00Z',
      },
    ]);
    const { groups } = await json('quarantine', 'list');
    expect(groups[1]).toMatchObject({ rule: 'required', rows: 1, accepted: 1 });
    // Those that are accepted already are not accepted twice.
    expect((await whalecurve('quarantine', ...words)).exitCode).toBe(2);
  });

  it('retry judges the loaded rows by a mended mapping without asking the source, and says which pass', async () => {
    await place.write({
      'whalecurve.yml': yaml("case when amount = 'ten' then '10.00' else amount end"),
      // Were it read, all would be lost.
      'shop/orders.csv': 'id,client,day,amount\n',
    });
    const { exitCode, stdout } = await whalecurve('quarantine', 'retry', '--json');
    const { passing, groups } = JSON.parse(stdout);
    expect(passing).toMatchObject([
      { row: '2', rule: 'type', value: 'ten' },
      { row: '3', rule: 'type', value: 'ten' },
    ]);
    // The one that is left was accepted: it no longer counts against the limit.
    expect(groups).toMatchObject([{ rule: 'required', rows: 1, accepted: 1 }]);
    expect(exitCode).toBe(0);
    const amounts = 'select net_amount from warehouse.purchases order by purchase_ref';
    expect(await place.query('warehouse', amounts)).toEqual([
      { net_amount: '10.0000' },
      { net_amount: '10.0000' },
      { net_amount: '10.0000' },
    ]);
  });
});
