import { describe, expect, it } from '@jest/globals';
import { engineKinds } from '../both-engines.ts';
import { conformOn, type Settings } from './conformed.ts';
import { orders } from './orders.ts';

describe.each(engineKinds)('times, on %s', (kind) => {
  const { conform } = conformOn(kind);

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
