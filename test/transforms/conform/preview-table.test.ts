import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configSchema, type LoadedConfig } from '../../../config/schema.ts';
import { previewTable } from '../../../transforms/conform/preview-table.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-preview-test-'));
  await writeFile(
    join(folder, 'orders.csv'),
    'no;customer;ordered;net_amount\n1;c1;31/12/2023 23:59;1.234,56\n2;;31/12/2023 10:00;5,00\n3;c2;01/02/2024 10:00;x\n',
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function config(table: Record<string, unknown>): LoadedConfig {
  const parsed = configSchema.parse({
    reporting: { currency: 'EUR' },
    sources: { shop: { type: 'files', path: '.', tables: { 'orders.csv': table } } },
  });
  return { ...parsed, file: join(folder, 'whalecurve.yml'), folder, secrets: [] };
}

const preview = (table: Record<string, unknown>) =>
  previewTable({
    config: config(table),
    sourceName: 'shop',
    tableName: 'orders.csv',
    limit: 10,
    asOf: '2024-12-31',
    rates: [],
    signal: new AbortController().signal,
  });

describe('the preview of a table', () => {
  it('shows the rows as a run would make them, what is refused and why, and what was matched', async () => {
    const { columns, rows, quarantined, matched, counts } = await preview({
      entity: 'purchases',
      key: 'no',
      format: { decimal: ',', date_format: '%d/%m/%Y %H:%M' },
      map: { purchase_ref: 'no', account_ref: 'customer', ordered_at: 'ordered' },
    });
    expect(columns).toEqual(['source_key', 'purchase_ref', 'account_ref', 'ordered_at', 'net_amount']);
    expect(rows).toEqual([
      {
        source_key: '1',
        purchase_ref: '1',
        account_ref: 'c1',
        ordered_at: '2023-12-31T23:59:00Z',
        net_amount: '1234.5600',
      },
    ]);
    expect(quarantined).toMatchObject([
      { source_key: '2', column_name: 'account_ref', rule: 'required' },
      { source_key: '3', column_name: 'net_amount', rule: 'type', value: 'x' },
    ]);
    expect(matched).toContainEqual({ column: 'net_amount', matched: 'name', from: 'net_amount' });
    expect(counts?.extracted).toEqual({ rows: 3, money: '1239.5600' });
  });

  it('shows the raw rows of a table that is only copied', async () => {
    const { columns, rows } = await preview({ key: 'no' });
    expect(columns).toEqual(['no', 'customer', 'ordered', 'net_amount']);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({ no: '1', customer: 'c1', net_amount: '1.234,56' });
  });

  it('names the table that the config does not have', async () => {
    const asked = previewTable({
      config: config({ key: 'no' }),
      sourceName: 'shop',
      tableName: 'ordres.csv',
      limit: 10,
      asOf: '2024-12-31',
      rates: [],
      signal: new AbortController().signal,
    });
    await expect(asked).rejects.toMatchObject({
      code: 'WC-USAGE-001',
      message: expect.stringContaining('ordres.csv'),
    });
  });
});
