import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { type Company, openState, runStages } from '../hand-made-company.ts';

const home = { street: '12, Rue de l’Église', postcode: '75 011', country: 'FR' };

const company: Company = {
  accounts: [
    { source: 'shop', account_ref: 's1', full_name: 'Anne Petit', created_at: '2021-01-01', ...home },
    {
      source: 'shop',
      account_ref: 's2',
      full_name: 'Luc PETIT',
      created_at: '2020-01-01',
      street: '12 rue de l’eglise',
      postcode: '75011',
      country: 'France',
    },
    { source: 'shop', account_ref: 's3', full_name: 'Luc Grand', created_at: '2019-01-01', ...home },
    {
      source: 'shop',
      account_ref: 's4',
      full_name: 'Zoe Petit',
      street: '13 rue de l’eglise',
      postcode: '75011',
    },
    { source: 'shop', account_ref: 's5', full_name: 'Max Petit', postcode: '75011' },
    {
      source: 'erp',
      account_ref: 'e1',
      kind: 'company',
      full_name: 'Petit',
      ...home,
      parent_ref: 'crm:holding:1',
    },
    { source: 'erp', account_ref: 'e2', kind: 'company', full_name: 'Grand SA', parent_ref: 'e1' },
    { source: 'erp', account_ref: 'e3', kind: 'company', full_name: 'Moyen SA', parent_ref: 'e3' },
    { source: 'erp', account_ref: 'e4', kind: 'company', full_name: 'Nul SA', parent_ref: 'crm:nobody' },
    { source: 'crm', account_ref: 'holding:1', kind: 'company', full_name: 'Holding SA' },
    { source: 'crm', account_ref: 'part:1', kind: 'company', full_name: 'Part SA', parent_ref: 'holding:1' },
  ],
};

let engine: Engine;

beforeAll(async () => {
  engine = await openState();
  await runStages(engine, company, { stages: ['identity', 'customers'] });
});

afterAll(() => engine.close());

async function ofAccounts(column: string): Promise<Record<string, unknown>> {
  const rows = await engine.query(
    `select account.account_ref, ${column} as value
     from customers.customer_accounts as account
     inner join customers.customers as customer on customer.customer_id = account.customer_id
     order by account.account_ref`,
  );
  return Object.fromEntries(rows.map(({ account_ref: ref, value }) => [String(ref), value]));
}

it('a household is a surname at an address, however it is written, and no customer', async () => {
  const households = await ofAccounts('household_id');
  const customers = await ofAccounts('customer.customer_id');
  expect(households.s1).toBe(households.s2);
  expect(customers.s1).not.toBe(customers.s2);
  // Luc came first.
  expect(households.s1).toBe(String(customers.s2).replace('c_', 'h_'));
  expect(new Set([households.s1, households.s3, households.s4]).size).toBe(3);
  expect(households).toMatchObject({ s5: null, e1: null });
});

it('a customer has the parent that a source names, by source and reference or by the reference alone', async () => {
  const customers = await ofAccounts('customer.customer_id');
  expect(await ofAccounts('parent_customer_id')).toEqual({
    ...{ s1: null, s2: null, s3: null, s4: null, s5: null },
    e1: customers['holding:1'],
    e2: customers.e1,
    e3: null,
    e4: null,
    'holding:1': null,
    'part:1': customers['holding:1'],
  });
});
