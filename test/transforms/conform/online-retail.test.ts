import { describe, expect, it } from '@jest/globals';
import { engineKinds } from '../both-engines.ts';
import { conformOn } from './conformed.ts';

describe.each(engineKinds)('the smallest config, on %s', (kind) => {
  const { conform } = conformOn(kind);

  it('makes purchases of the lines of a shop', async () => {
    const { counts, rows, mapping } = await conform(
      {
        entity: 'purchases',
        name: 'online_retail.csv.gz',
        sourceTimezone: 'Europe/London',
        columns: ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID'],
        config: {
          key: ['InvoiceNo', 'StockCode', '_row'],
          where: 'CustomerID IS NOT NULL',
          map: {
            purchase_ref: 'InvoiceNo',
            account_ref: 'CustomerID',
            ordered_at: 'InvoiceDate',
            product_ref: 'StockCode',
            quantity: 'Quantity',
            net_amount: 'Quantity * UnitPrice',
          },
        },
        rows: [
          ['536365', '85123A', '6', '2010-12-01T08:26:00', '2.55', '17850'],
          ['536365', '85123A', '6', '2010-12-01T08:26:00', '2.55', '17850'],
          ['C536379', 'D', '-1', '2010-12-01T09:41:00', '27.5', '14527'],
          ['536414', '22139', '56', '2010-12-01T11:52:00', '0', null],
          ['581492', '23444', '10', '2011-07-09T00:15:00', '0.001', '12680'],
          ['581587', '22138', '3', '2011-12-11T12:50:00', '4.95', '12680'],
        ],
      },
      { asOf: '2011-12-10', timezone: 'Europe/London' },
    );
    // 2 × 6 × 2.55 = 30.60; −27.50; 10 × 0.001 = 0.01 → 3.11 in all. After the as-of date: 3 × 4.95 = 14.85.
    expect(counts).toMatchObject({
      extracted: { rows: 6, money: '17.9600' },
      filtered: { rows: 1, money: '0.0000' },
      quarantined: { rows: 0, money: '0.0000' },
      afterAsOf: { rows: 1, money: '14.8500' },
      loaded: { rows: 4, money: '3.1100' },
    });
    expect(rows.map(({ source_key }) => source_key)).toEqual([
      '536365|85123A|1',
      '536365|85123A|2',
      '581492|23444|5',
      'C536379|D|3',
    ]);
    // A quarter past midnight on 9 July in London is still 8 July in UTC.
    expect(rows[2]).toMatchObject({ ordered_at: '2011-07-08T23:15:00Z', local_date: '2011-07-09' });
    expect(mapping.columns.find(({ name }) => name === 'net_amount')?.expression).toMatchObject({
      sql: 'try_integer("Quantity") * cast(try_money("UnitPrice") as decimal(20, 4))',
    });
  });
});
