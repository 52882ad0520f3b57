import { expect, it } from '@jest/globals';
import { openState, runStages } from '../hand-made-company.ts';

it('runs', async () => {
  const engine = await openState();
  try {
    await runStages(engine, {
      accounts: [
        {
          source: 'crm',
          account_ref: '1',
          full_name: 'Smith, Liz',
          email: 'liz.s+x@gmail.com',
          created_at: '2020-01-01',
        },
        {
          source: 'erp',
          account_ref: 'A',
          given_name: 'Elizabeth',
          family_name: 'Smith',
          email: 'lizs@googlemail.com',
          phone: '020 7946 0000',
          country: 'UK',
        },
      ],
      purchases: [
        {
          source: 'crm',
          account_ref: '1',
          purchase_ref: 'o1',
          ordered_at: '2024-05-01 10:00:00',
          net_amount: 100,
        },
        {
          source: 'shop',
          account_ref: '77',
          purchase_ref: 'o2',
          ordered_at: '2024-05-01 10:00:00',
          net_amount: 10,
        },
      ],
    });
    console.log(
      await engine.query('select * from customers.customers'),
      await engine.query('select * from customers.customer_attributes'),
      await engine.query('select * from customers.customer_accounts'),
      await engine.query('select * from identity.links'),
      await engine.query('select * from value.customer_value'),
      await engine.query('select * from value.customer_value_parts'),
      await engine.query('select * from value.whale_summary'),
      await engine.query('select * from value.whale_curve where percentile in (1,49,50,99,100)'),
    );
    await runStages(engine, {});
    console.log(
      await engine.query('select * from value.whale_summary'),
      await engine.query('select * from identity.customer_ids'),
    );
    expect(1).toBe(1);
  } finally {
    await engine.close();
  }
});
