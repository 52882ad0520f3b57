import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { type Company, openState, runStages } from '../hand-made-company.ts';

/** Three systems know one person, tied by tax id. erp is trusted most; of the others the latest change counts. */
const company: Company = {
  accounts: [
    {
      source: 'erp',
      account_ref: 'e1',
      tax_id: 'AB123456',
      full_name: 'Eva Alt',
      email: 'test@test.com',
      updated_at: '2020-01-01',
      created_at: '2019-01-01',
      consent: true,
    },
    {
      source: 'crm',
      account_ref: 'c1',
      tax_id: 'AB123456',
      given_name: 'Eva',
      family_name: 'Neu',
      email: 'Eva@Old.example',
      city: 'Bonn',
      street: 'Weg 1',
      updated_at: '2023-01-01',
      industry: 'retail',
      consent: true,
    },
    {
      source: 'shop',
      account_ref: 's1',
      tax_id: 'AB123456',
      email: 'eva@new.example',
      city: 'Köln',
      country: 'Germany',
      phone: '0221 1234567',
      updated_at: '2024-01-01',
      industry: ' ',
      consent: false,
    },
  ],
  purchases: [
    {
      source: 'shop',
      account_ref: 's1',
      purchase_ref: 'o1',
      ordered_at: '2024-02-03 10:00:00',
      net_amount: 9,
    },
  ],
  campaign_responses: [
    { source: 'crm', account_ref: 'c1', campaign: 'x', occurred_at: '2024-03-03 10:00:00', event: 'sent' },
  ],
  returns: [
    {
      source: 'shop',
      account_ref: 's1',
      return_ref: 'r1',
      returned_at: '2024-02-09 10:00:00',
      refund_amount: 4,
    },
  ],
};

let engine: Engine;

beforeAll(async () => {
  engine = await openState();
  await runStages(engine, company, { identity: { trust: ['erp'] }, stages: ['identity', 'customers'] });
});

afterAll(() => engine.close());

it('each attribute is the value of the most trusted source that has one, else the latest', async () => {
  expect(await engine.query('select * from customers.customers')).toMatchObject([
    {
      full_name: 'Eva Alt', // erp is trusted most, although it is the oldest
      email: 'eva@new.example', // the one of erp is a placeholder; shop changed last
      phone: '+492211234567',
      industry: 'retail', // blanks are no value
      consent: false, // one refusal is enough
      is_prospect: false,
      sources: 'crm,erp,shop',
      accounts: '3',
      first_seen: '2019-01-01T00:00:00Z',
      last_seen: '2024-03-03T10:00:00Z',
    },
  ]);
});

it('an address comes whole from one account, never the street of one and the town of another', async () => {
  expect(await engine.query('select street, city, country from customers.customers')).toEqual([
    { street: null, city: 'Köln', country: 'DE' },
  ]);
});

it('every value says which account it is from', async () => {
  const rows = await engine.query(
    `select attribute, value, source, account_ref from customers.customer_attributes order by attribute`,
  );
  expect(rows).toEqual([
    { attribute: 'address', value: 'Köln, DE', source: 'shop', account_ref: 's1' },
    { attribute: 'email', value: 'eva@new.example', source: 'shop', account_ref: 's1' },
    { attribute: 'industry', value: 'retail', source: 'crm', account_ref: 'c1' },
    { attribute: 'name', value: 'Eva Alt', source: 'erp', account_ref: 'e1' },
    { attribute: 'phone', value: '+492211234567', source: 'shop', account_ref: 's1' },
    { attribute: 'tax_id', value: 'AB123456', source: 'erp', account_ref: 'e1' },
  ]);
});

it('the timeline holds every touch with its direction and money', async () => {
  const rows = await engine.query(
    'select local_date, kind, direction, amount from customers.interactions order by occurred_at',
  );
  expect(rows).toEqual([
    { local_date: '2024-02-03', kind: 'purchase', direction: 'inbound', amount: '9.0000' },
    { local_date: '2024-02-09', kind: 'return', direction: 'inbound', amount: '-4.0000' },
    { local_date: '2024-03-03', kind: 'campaign_sent', direction: 'outbound', amount: null },
  ]);
});
