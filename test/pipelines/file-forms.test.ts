import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { engines, makeWorkplace, type Workplace } from './workplace.ts';

const yaml = (format = '{}') => `warehouse: { engine: duckdb, path: ./warehouse.duckdb }
reporting: { currency: EUR, as_of: 2026-11-30 }
sources:
  shop:
    type: files
    path: ./exports
    tables:
      orders.csv:
        entity: purchases
        key: id
        format: ${format}
        map: { purchase_ref: id, account_ref: customer, ordered_at: day, net_amount: price }
`;

const first = 'id;customer;day;price\n1;a;31/12/2025;1.234,50\n2;b;01/02/2026;10\n';
/** Every day is below 13, and every price could have either sign: alone, nobody could tell. */
const second = 'id;customer;day;price\n1;a;03/04/2026;1.234\n2;b;05/06/2026;10\n';
/** Month before day, beyond doubt. */
const turned = 'id;customer;day;price\n1;a;12/31/2025;1.234\n';

describe.each(engines)('on engine %s, how a file is written', (engine) => {
  let place: Workplace;
  // The nights follow on each other.
  beforeAll(async () => {
    place = await makeWorkplace(yaml(), { 'exports/orders.csv': first }, {}, engine);
  });
  afterAll(() => place.remove());

  const purchases = () =>
    place.query(
      'state',
      `select purchase_ref, cast(ordered_at as text) as ordered_at, cast(net_amount as text) as net_amount
       from entities.purchases order by purchase_ref`,
    );

  it('is found on the first night and kept on the next, which could be read either way', async () => {
    await runPipeline(await place.config(), { now: new Date('2026-11-24T02:00:00Z') });
    expect(await purchases()).toEqual([
      { purchase_ref: '1', ordered_at: '2025-12-31 00:00:00', net_amount: '1234.5000' },
      { purchase_ref: '2', ordered_at: '2026-02-01 00:00:00', net_amount: '10.0000' },
    ]);
    await place.write({ 'exports/orders.csv': second });
    await runPipeline(await place.config(), { now: new Date('2026-11-25T02:00:00Z') });
    expect(await purchases()).toEqual([
      { purchase_ref: '1', ordered_at: '2026-04-03 00:00:00', net_amount: '1234.0000' },
      { purchase_ref: '2', ordered_at: '2026-06-05 00:00:00', net_amount: '10.0000' },
    ]);
    const [kept] = await place.query('state', 'select source, source_table, form from whalecurve.file_forms');
    expect(kept).toMatchObject({ source: 'shop', source_table: 'orders.csv' });
    expect(JSON.parse(String(kept?.form))).toEqual({
      forms: [
        {
          encoding: null,
          delimiter: ';',
          quote: null,
          hasBackslashEscapes: false,
          header: ['id', 'customer', 'day', 'price'],
        },
      ],
      files: { 'orders.csv': 0 },
      columns: { id: {}, customer: {}, day: { dateFormat: '%d/%m/%Y' }, price: { decimal: ',' } },
    });
  }, 120_000);

  it('ends the night when it turns about, until the config says that it is meant', async () => {
    await place.write({ 'exports/orders.csv': turned });
    await expect(
      runPipeline(await place.config(), { now: new Date('2026-11-26T02:00:00Z') }),
    ).rejects.toMatchObject({
      code: 'WC-FILE-004',
      message:
        'the dates of day are written with the month before the day in orders.csv, and the day before the month on the nights before',
    });
    await place.write({ 'whalecurve.yml': yaml('{ date_format: "%m/%d/%Y" }') });
    await runPipeline(await place.config(), { now: new Date('2026-11-27T02:00:00Z') });
    expect((await purchases())[0]?.ordered_at).toBe('2025-12-31 00:00:00');
    // Said once, it is kept.
    await place.write({ 'whalecurve.yml': yaml() });
    await runPipeline(await place.config(), { now: new Date('2026-11-28T02:00:00Z') });
    expect((await purchases())[0]?.ordered_at).toBe('2025-12-31 00:00:00');
  }, 120_000);
});
