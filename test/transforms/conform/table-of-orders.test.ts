import { describe, expect, it } from '@jest/globals';
import { engineKinds } from '../both-engines.ts';
import { conformOn } from './conformed.ts';
import { orders } from './orders.ts';

describe.each(engineKinds)('a table of orders, on %s', (kind) => {
  const { conform } = conformOn(kind);

  it('becomes purchases that say where they came from', async () => {
    const { rows, counts } = await conform({ ...orders, rows: [['1', 'c1', '2024-03-01 10:00', '12.5']] });
    expect(rows).toMatchObject([
      {
        source: 'shop',
        source_table: 'orders.csv',
        source_key: '1',
        account_source: 'shop',
        purchase_ref: '1',
        account_ref: 'c1',
        ordered_at: '2024-03-01T10:00:00Z',
        net_amount: '12.5000',
        net_amount_reporting: '12.5000',
        currency: 'GBP',
        local_date: '2024-03-01',
        quantity: null,
        _run_id: 'run_1',
      },
    ]);
    expect(counts.loaded).toEqual({ rows: 1, money: '12.5000' });
  });

  it('sends a row without an account to quarantine with its key', async () => {
    const { rows, quarantine } = await conform({
      ...orders,
      rows: [
        ['1', null, '2024-03-01', '1'],
        ['2', ' ', '2024-03-01', '1'],
      ],
    });
    expect(rows).toEqual([]);
    expect(quarantine).toMatchObject([
      {
        source_key: '1',
        source_row: 'orders.csv:1',
        column_name: 'account_ref',
        rule: 'required',
        value: null,
        entity: 'purchases',
      },
      { source_key: '2', column_name: 'account_ref', rule: 'required', value: ' ' },
    ]);
  });

  it('names the value that is no amount, and counts the other rules that the row breaks', async () => {
    const { quarantine } = await conform({
      ...orders,
      rows: [
        ['1', 'c1', '2024-03-01', 'a lot'],
        ['2', 'c1', 'yesterday', 'a lot'],
      ],
    });
    expect(quarantine).toMatchObject([
      {
        source_key: '1',
        column_name: 'net_amount',
        rule: 'type',
        value: 'a lot',
        message: 'net_amount: "a lot" is not an amount',
        further_rules: '0',
      },
      { source_key: '2', column_name: 'ordered_at', rule: 'type', value: 'yesterday', further_rules: '1' },
    ]);
  });

  it('tells an amount that is too large from one that is none', async () => {
    // DECIMAL(18,4) holds 14 digits before the point.
    const { quarantine, rows } = await conform({
      ...orders,
      rows: [
        ['1', 'c1', '2024-03-01', '99999999999999.9999'],
        ['2', 'c1', '2024-03-01', '100000000000000'],
      ],
    });
    expect(rows).toMatchObject([{ source_key: '1', net_amount: '99999999999999.9999' }]);
    expect(quarantine).toMatchObject([{ source_key: '2', rule: 'money_range', value: '100000000000000' }]);
  });

  it('cuts a refused value after 200 characters', async () => {
    const { quarantine } = await conform({ ...orders, rows: [['1', 'c1', '2024-03-01', 'x'.repeat(900)]] });
    expect(quarantine[0]?.value).toBe('x'.repeat(200));
  });

  it('keeps the first of the rows with one key and refuses the others', async () => {
    const { rows, quarantine } = await conform({
      ...orders,
      rows: [
        ['1', 'c1', '2024-03-01', '1'],
        ['2', 'c2', '2024-03-01', '2'],
        ['1', 'c3', '2024-03-01', '4'],
        ['1', 'c4', '2024-03-01', '8'],
      ],
    });
    expect(rows).toMatchObject([{ account_ref: 'c1' }, { account_ref: 'c2' }]);
    expect(quarantine).toMatchObject([
      { source_key: '1', rule: 'key_unique', column_name: 'order_no' },
      { source_key: '1', rule: 'key_unique', column_name: 'order_no' },
    ]);
  });

  it('refuses a row whose key has no value', async () => {
    const { quarantine } = await conform({ ...orders, rows: [[null, 'c1', '2024-03-01', '1']] });
    expect(quarantine).toMatchObject([{ rule: 'key_not_null', column_name: 'order_no', source_key: '' }]);
  });

  it('joins the parts of a key', async () => {
    const { rows } = await conform({
      ...orders,
      config: { ...orders.config, key: ['order_no', '_row'] },
      rows: [
        ['1', 'c1', '2024-03-01', '1'],
        ['1', 'c1', '2024-03-01', '1'],
      ],
    });
    expect(rows.map(({ source_key }) => source_key)).toEqual(['1|1', '1|2']);
  });

  it('takes the place of the row as its key where none is given', async () => {
    const { rows } = await conform({
      ...orders,
      config: { map: orders.config.map },
      rows: [['1', 'c1', '2024-03-01', '1']],
    });
    expect(rows).toMatchObject([{ source_key: 'orders.csv|1' }]);
  });

  it('counts rows by their one fate, in rows and money', async () => {
    const { counts, rows } = await conform(
      {
        ...orders,
        columns: [...orders.columns, 'removed', 'test'],
        config: {
          ...orders.config,
          where: "test = 'no'",
          map: { ...orders.config.map, deleted_at: 'removed' },
        },
        rows: [
          ['1', 'c1', '2024-03-01', '1', null, 'no'],
          ['2', 'c1', '2024-03-01', '2', null, 'yes'],
          ['3', null, '2024-03-01', '4', null, 'no'],
          ['4', 'c1', '2024-03-01', '8', '2024-04-01', 'no'],
          ['5', 'c1', '2025-01-01', '16', null, 'no'],
          ['6', null, '2025-01-01', '32', '2024-04-01', null],
          ['7', 'c1', '2024-03-01', 'none', null, 'no'],
        ],
      },
      { asOf: '2024-12-31' },
    );
    expect(rows).toHaveLength(1);
    // 6 is refused by where (null is not true) before anything else is asked; 7 has no amount to count.
    expect(counts).toEqual({
      extracted: { rows: 7, money: '63.0000' },
      filtered: { rows: 2, money: '34.0000' },
      quarantined: { rows: 2, money: '4.0000' },
      deleted: { rows: 1, money: '8.0000' },
      afterAsOf: { rows: 1, money: '16.0000' },
      loaded: { rows: 1, money: '1.0000' },
    });
  });

  it('conforms no rows when the table is empty', async () => {
    const { counts, rows } = await conform({ ...orders, rows: [] });
    expect(rows).toEqual([]);
    expect(counts.extracted).toEqual({ rows: 0, money: '0.0000' });
  });
});
