import { describe, expect, it } from '@jest/globals';
import { engineKinds } from '../both-engines.ts';
import { conformed, conformOn } from './conformed.ts';
import { orders } from './orders.ts';

describe.each(engineKinds)('expressions, on %s', (kind) => {
  const { conform, engine } = conformOn(kind);

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
    const given = {
      ...orders,
      columns: ['order_no', 'customer_no', 'ordered', 'pieces'],
      config: { ...orders.config, map: { ...orders.config.map, net_amount: 'pieces * 2' } },
    };
    const first = await conform({ ...given, rows: [['1', 'c1', '2024-01-01', '2']] });
    expect(first.counts.loaded).toEqual({ rows: 1, money: '4.0000' });
    expect(await engine().query('select column_name, type from whalecurve.column_types')).toEqual([
      { column_name: 'pieces', type: 'integer' },
    ]);
    const second = await conformed(engine(), { ...given, rows: [['2', 'c1', '2024-01-01', 'two']] });
    expect(second.quarantine).toMatchObject([{ source_key: '2', rule: 'type', value: 'two' }]);
  });

  it('a number of a database that came as text for its many digits is counted with', async () => {
    const column = (name: string, sourceType: string) => ({ name, type: 'text' as const, sourceType });
    const given = {
      ...orders,
      sourceType: 'postgres' as const,
      columns: [
        'order_no',
        'customer_no',
        'ordered',
        column('price', 'numeric(60,20)'),
        column('code', 'text'),
      ],
      config: {
        ...orders.config,
        map: { ...orders.config.map, net_amount: 'price * 2', category: "code || '!'" },
      },
      rows: [
        ['1', 'c1', '2024-01-01', '12.50000000000000000000', '7'],
        ['2', 'c1', '2024-01-01', '0.00030000000000000000', '8'],
      ],
    };
    const { rows } = await conform(given);
    expect(rows).toMatchObject([
      { net_amount: '25.0000', category: '7!' },
      { net_amount: '0.0006', category: '8!' },
    ]);
    expect(await engine().query('select column_name, type from whalecurve.column_types')).toEqual([
      { column_name: 'price', type: 'decimal(18,4)' },
    ]);
    // Of more digits than a decimal holds: refused by its row, not by the night.
    const huge = await conform({
      ...given,
      rows: [...given.rows, ['3', 'c1', '2024-01-01', `${'9'.repeat(40)}.5`, '9']],
    });
    expect(huge.counts.loaded.rows).toBe(2);
    expect(huge.quarantine).toMatchObject([{ source_key: '3', column_name: 'net_amount' }]);
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
