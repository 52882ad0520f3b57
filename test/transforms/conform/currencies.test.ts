import { describe, expect, it } from '@jest/globals';
import { engineKinds } from '../both-engines.ts';
import { conformOn, type Settings } from './conformed.ts';
import { orders } from './orders.ts';

describe.each(engineKinds)('currencies, on %s', (kind) => {
  const { conform } = conformOn(kind);

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

  it('have room for amounts of millions and more', async () => {
    const { rows } = await conform(
      {
        ...priced,
        rows: [
          ['1', 'c1', '2024-01-01', '1234567.89', 'EUR'],
          ['2', 'c1', '2024-01-01', '99999999999999.99', 'GBP'],
        ],
      },
      settings,
    );
    // 1234567.89 × 0.87 = 1074074.0643
    expect(rows.map(({ net_amount_reporting }) => net_amount_reporting)).toEqual([
      '1074074.0643',
      '99999999999999.9900',
    ]);
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
