import { describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { conformed, type GivenTable, openState, type Settings } from './conformed.ts';

async function withState<T>(settings: Settings, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openState(settings);
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

const conform = (given: GivenTable, settings: Settings = {}) =>
  withState(settings, (engine) => conformed(engine, given));

const orders = {
  entity: 'purchases',
  columns: ['order_no', 'customer_no', 'ordered', 'amount'],
  config: {
    key: 'order_no',
    map: {
      purchase_ref: 'order_no',
      account_ref: 'customer_no',
      ordered_at: 'ordered',
      net_amount: 'amount',
    },
  },
} as const;

describe('a table of orders', () => {
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

describe('times', () => {
  const at = async (ordered: string, timezone: string, settings: Settings = {}) => {
    const { rows } = await conform(
      { ...orders, sourceTimezone: timezone, rows: [['1', 'c1', ordered, '1']] },
      settings,
    );
    return rows[0];
  };

  it('without a zone are on the clock of the source', async () => {
    // New York is at UTC-4 in summer.
    expect(await at('2024-07-01 20:00:00', 'America/New_York')).toMatchObject({
      ordered_at: '2024-07-02T00:00:00Z',
    });
  });

  it('with an offset keep it', async () => {
    expect(await at('2024-07-01T20:00:00+02:00', 'America/New_York')).toMatchObject({
      ordered_at: '2024-07-01T18:00:00Z',
    });
  });

  it('fall on the day of the reports, and the whole as-of day takes part', async () => {
    // 23:30 in UTC on 30 June is 00:30 on 1 July in London.
    const last = await at('2024-06-30 23:30:00', 'UTC', { timezone: 'Europe/London', asOf: '2024-07-01' });
    expect(last).toMatchObject({ local_date: '2024-07-01' });
    const after = await at('2024-06-30 23:30:00', 'UTC', { timezone: 'Europe/London', asOf: '2024-06-30' });
    expect(after).toBeUndefined();
  });

  it('of a source column with a zone are taken as they are', async () => {
    const { rows } = await conform({
      ...orders,
      columns: [
        'order_no',
        'customer_no',
        { name: 'ordered', type: 'timestamptz', sourceType: 'timestamptz' },
        { name: 'amount', type: { precision: 10, scale: 2 }, sourceType: 'numeric' },
      ],
      sourceTimezone: 'America/New_York',
      rows: [['1', 'c1', '2024-07-01 20:00:00+00', '12.34']],
    });
    expect(rows).toMatchObject([{ ordered_at: '2024-07-01T20:00:00Z', net_amount: '12.3400' }]);
  });

  it('in the notation of the file are read by it', async () => {
    const { rows } = await conform({
      ...orders,
      columns: [
        'order_no',
        'customer_no',
        {
          name: 'ordered',
          type: 'text',
          sourceType: 'text',
          valueFormat: { dateFormat: '%d/%m/%Y %H:%M' },
        },
        { name: 'amount', type: 'text', sourceType: 'text', valueFormat: { decimal: ',' } },
      ],
      rows: [['1', 'c1', '31/12/2024 23:59', '1.234,56']],
    });
    expect(rows).toMatchObject([{ ordered_at: '2024-12-31T23:59:00Z', net_amount: '1234.5600' }]);
  });
});

describe('currencies', () => {
  const priced = {
    ...orders,
    columns: [...orders.columns, 'currency'],
  } as const;
  const settings: Settings = {
    currency: 'GBP',
    rates: [
      ['2024-01-01', 'EUR', 'GBP', '0.87'],
      ['2024-02-01', 'EUR', 'GBP', '0.85'],
    ],
  };

  it('are brought to the reporting currency by the rate of the day, else of the last earlier day', async () => {
    const { rows } = await conform(
      {
        ...priced,
        rows: [
          ['1', 'c1', '2024-01-01', '10.01', 'EUR'],
          ['2', 'c1', '2024-01-31', '10.01', 'eur'],
          ['3', 'c1', '2024-02-01', '10.01', 'EUR'],
          ['4', 'c1', '2024-03-01', '10.01', 'GBP'],
          ['5', 'c1', '2024-03-01', '10.01', null],
        ],
      },
      settings,
    );
    // 10.01 × 0.87 = 8.7087; 10.01 × 0.85 = 8.5085
    expect(rows.map(({ net_amount_reporting }) => net_amount_reporting)).toEqual([
      '8.7087',
      '8.7087',
      '8.5085',
      '10.0100',
      '10.0100',
    ]);
    expect(rows.map(({ currency }) => currency)).toEqual(['EUR', 'EUR', 'EUR', 'GBP', 'GBP']);
  });

  it('without a rate send the row to quarantine, never at a rate of 1', async () => {
    const { rows, quarantine } = await conform(
      {
        ...priced,
        rows: [
          ['1', 'c1', '2023-12-31', '10', 'EUR'],
          ['2', 'c1', '2024-02-01', '10', 'SEK'],
        ],
      },
      settings,
    );
    expect(rows).toEqual([]);
    expect(quarantine).toMatchObject([
      { source_key: '1', rule: 'exchange_rate', column_name: 'currency', value: 'EUR' },
      { source_key: '2', rule: 'exchange_rate', column_name: 'currency', value: 'SEK' },
    ]);
  });
});

describe('accounts and events of other kinds', () => {
  it('columns of the source may be called like those of the entity, or be SQL words', async () => {
    const { rows } = await conform({
      entity: 'purchases',
      columns: ['source', 'status', 'local_date', 'order', 'rate', 'computed', 'we "quote"'],
      config: {
        key: 'order',
        map: {
          purchase_ref: 'order',
          account_ref: 'source',
          ordered_at: 'local_date',
          net_amount: 'rate * 2',
          category: 'computed',
          channel: 'we "quote"',
        },
      },
      rows: [['c1', 'new', '2024-05-01', '7', '1.5', 'x', 'web']],
    });
    expect(rows).toMatchObject([
      {
        source: 'shop',
        account_ref: 'c1',
        purchase_ref: '7',
        status: 'new',
        local_date: '2024-05-01',
        net_amount: '3.0000',
        category: 'x',
        channel: 'web',
      },
    ]);
  });

  it('an account is told by its account_ref where no key is given', async () => {
    const { rows, quarantine } = await conform({
      entity: 'accounts',
      name: 'people.csv',
      columns: ['account_ref', 'full_name', 'email', 'consent'],
      rows: [
        ['a1', 'Ann', 'ann@example.com', 'ja'],
        ['a1', 'Ann again', null, 'nein'],
        ['a2', 'Bob', null, 'maybe'],
      ],
    });
    expect(rows).toMatchObject([{ source_key: 'a1', full_name: 'Ann', consent: true }]);
    expect(quarantine).toMatchObject([
      { source_key: 'a1', rule: 'key_unique' },
      { source_key: 'a2', rule: 'type', column_name: 'consent', value: 'maybe' },
    ]);
  });

  it('accepted values are compared without regard to case and stored in lower case', async () => {
    const { rows, quarantine } = await conform({
      entity: 'tickets',
      name: 'tickets.csv',
      columns: ['ticket_ref', 'account_ref', 'opened_at', 'channel'],
      config: { key: 'ticket_ref' },
      rows: [
        ['1', 'a1', '2024-01-01', ' Phone'],
        ['2', 'a1', '2024-01-01', 'fax'],
        ['3', 'a1', '2024-01-01', ''],
      ],
    });
    expect(rows).toMatchObject([{ channel: 'phone' }, { source_key: '3', channel: null }]);
    expect(quarantine).toMatchObject([
      {
        source_key: '2',
        rule: 'accepted_values',
        value: 'fax',
        message: 'channel: "fax" is not one of phone, email, chat, self_service, field',
      },
    ]);
  });

  it('events can belong to the accounts of another source', async () => {
    const { rows } = await conform({
      ...orders,
      config: { ...orders.config, account_source: 'sales' },
      rows: [['1', 'c1', '2024-01-01', '1']],
    });
    expect(rows).toMatchObject([{ source: 'shop', account_source: 'sales' }]);
  });
});

describe('expressions', () => {
  it('an overflow in one row refuses that row and not the night', async () => {
    const { rows, quarantine } = await conform({
      ...orders,
      columns: ['order_no', 'customer_no', 'ordered', 'pieces', 'factor'],
      config: { ...orders.config, map: { ...orders.config.map, net_amount: 'pieces * factor' } },
      rows: [
        ['1', 'c1', '2024-01-01', '2', '3'],
        ['2', 'c1', '2024-01-01', '9000000000000000000', '9000000000000000000'],
      ],
    });
    expect(rows).toMatchObject([{ source_key: '1', net_amount: '6.0000' }]);
    expect(quarantine).toMatchObject([{ source_key: '2', column_name: 'net_amount', rule: 'type' }]);
  });

  it('a type found on the first night stays, and a later value that does not fit is refused', async () => {
    await withState({}, async (engine) => {
      const given = {
        ...orders,
        columns: ['order_no', 'customer_no', 'ordered', 'pieces'],
        config: { ...orders.config, map: { ...orders.config.map, net_amount: 'pieces * 2' } },
      };
      const first = await conformed(engine, { ...given, rows: [['1', 'c1', '2024-01-01', '2']] });
      expect(first.counts.loaded).toEqual({ rows: 1, money: '4.0000' });
      expect(await engine.query('select column_name, type from whalecurve.column_types')).toEqual([
        { column_name: 'pieces', type: 'integer' },
      ]);
      const second = await conformed(engine, { ...given, rows: [['2', 'c1', '2024-01-01', 'two']] });
      expect(second.quarantine).toMatchObject([{ source_key: '2', rule: 'type', value: 'two' }]);
    });
  });

  it('a column that some rows keep from being a number is named with the first of them, and the remedy', async () => {
    const given = {
      ...orders,
      columns: ['order_no', 'customer_no', 'ordered', 'Quantity'],
      config: { ...orders.config, map: { ...orders.config.map, net_amount: 'Quantity * 2' } },
      rows: [
        ['1', 'c1', '2024-01-01', '2'],
        ['2', 'c1', '2024-01-01', 'many'],
        ['3', 'c1', '2024-01-01', '3'],
      ],
    };
    await expect(conform(given)).rejects.toMatchObject({
      code: 'WC-MAP-004',
      message: expect.stringContaining('Quantity is text: row 2 has "many"'),
      hint: expect.stringContaining('types: { Quantity: integer }'),
    });
    const { rows, quarantine } = await conform({
      ...given,
      config: { ...given.config, types: { Quantity: 'integer' } },
    });
    expect(rows).toMatchObject([{ net_amount: '4.0000' }, { net_amount: '6.0000' }]);
    expect(quarantine).toMatchObject([{ source_key: '2', value: 'many', rule: 'type' }]);
  });

  it('a date where an amount is needed is refused before any row is read', async () => {
    await expect(
      conform({
        ...orders,
        columns: ['order_no', 'customer_no', 'ordered', { name: 'amount', type: 'date', sourceType: 'date' }],
        rows: [],
      }),
    ).rejects.toMatchObject({
      code: 'WC-MAP-004',
      message: expect.stringContaining('net_amount is to be money'),
    });
  });

  it('a text column of a database stays text until the config says what it is', async () => {
    const given = {
      ...orders,
      sourceType: 'postgres' as const,
      config: { ...orders.config, map: { ...orders.config.map, net_amount: 'amount * 2' } },
      rows: [['1', 'c1', '2024-01-01', '1.5']],
    };
    await expect(conform(given)).rejects.toMatchObject({
      code: 'WC-MAP-004',
      message: 'net_amount: `amount * 2` does not work because amount is text',
      hint: 'add `types: { amount: decimal }` to the table',
    });
    const { rows } = await conform({ ...given, config: { ...given.config, types: { amount: 'decimal' } } });
    expect(rows).toMatchObject([{ net_amount: '3.0000' }]);
  });

  it('identifiers with leading zeros keep them', async () => {
    const { rows } = await conform({
      ...orders,
      config: {
        ...orders.config,
        map: { ...orders.config.map, account_ref: "coalesce(customer_no, 'none')" },
      },
      rows: [['1', '007', '2024-01-01', '1']],
    });
    expect(rows).toMatchObject([{ account_ref: '007' }]);
  });

  it('a bad value under where refuses the row instead of filtering it in silence', async () => {
    const { quarantine, counts } = await conform({
      ...orders,
      columns: [...orders.columns, 'pieces'],
      config: { ...orders.config, where: 'pieces > 1', types: { pieces: 'integer' } },
      rows: [
        ['1', 'c1', '2024-01-01', '1', '1'],
        ['2', 'c1', '2024-01-01', '1', '2'],
        ['3', 'c1', '2024-01-01', '1', 'x'],
      ],
    });
    expect(counts).toMatchObject({ filtered: { rows: 1 }, loaded: { rows: 1 }, quarantined: { rows: 1 } });
    expect(quarantine).toMatchObject([{ source_key: '3', column_name: 'where', value: 'x' }]);
  });
});
