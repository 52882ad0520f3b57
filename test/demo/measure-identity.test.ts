import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { measureIdentity } from '../../demo/measure-identity.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-measure-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the quality of identity', () => {
  it('is counted in pairs of accounts', async () => {
    // Truth: {a, b, c, d} and {e, f}: 6 + 1 = 7 pairs. Found: {a, b, c}, {d, e, f}: 3 + 3 = 6 pairs, of which
    // ab, ac, bc and ef are right: precision 4/6, recall 4/7, F1 2 · 4 / (6 + 7).
    const quality = await measure({
      truth: { a: 't1', b: 't1', c: 't1', d: 't1', e: 't2', f: 't2' },
      found: { a: 'x', b: 'x', c: 'x', d: 'y', e: 'y', f: 'y' },
    });
    expect(quality).toMatchObject({ accounts: 6, foundCustomers: 2, trueCustomers: 2 });
    expect(quality.precision).toBeCloseTo(4 / 6, 12);
    expect(quality.recall).toBeCloseTo(4 / 7, 12);
    expect(quality.f1).toBeCloseTo(8 / 13, 12);
  });

  it('says nothing of precision where no accounts were put together', async () => {
    const quality = await measure({ truth: { a: 't1', b: 't1' }, found: { a: 'x', b: 'y' } });
    expect(quality).toMatchObject({ precision: null, recall: 0, f1: 0 });
  });
});

async function measure({ truth, found }: Record<'truth' | 'found', Record<string, string>>) {
  const warehouse = join(folder, 'found.duckdb');
  const instance = await DuckDBInstance.create(warehouse);
  const connection = await instance.connect();
  const values = Object.entries(found).map(([ref, customer]) => `('crm', '${ref}', '${customer}')`);
  await connection.run(`create schema warehouse; create table warehouse.customer_accounts as
    select * from (values ${values.join(', ')}) as account (source, account_ref, customer_id)`);
  connection.closeSync();
  instance.closeSync();
  const lines = Object.entries(truth).map(([ref, customer]) => `crm,${ref},${customer}`);
  const file = join(folder, 'accounts.csv');
  await writeFile(file, ['source,account_ref,true_customer', ...lines, ''].join('\n'));
  return measureIdentity(warehouse, file);
}
