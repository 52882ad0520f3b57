import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { type Company, type EntityRow, openState, runStages } from '../hand-made-company.ts';

const source = 'crm';

function order(account: string, ref: string, day: string, more: Partial<EntityRow> = {}): EntityRow {
  return {
    source,
    account_ref: account,
    purchase_ref: ref,
    ordered_at: `${day} 10:00:00`,
    net_amount: 100,
    ...more,
  };
}

const company: Company = {
  accounts: [
    { source, account_ref: 'north', full_name: 'Nora North', kind: 'company', territory: 'North' },
    { source, account_ref: 'south', full_name: 'Sam South', kind: 'person', territory: 'south' },
  ],
  purchases: [
    order('north', 'n1', '2024-12-01', { channel: 'Web', category: 'Sofas' }),
    order('north', 'n1', '2024-12-01', { channel: 'Web', category: 'tea' }),
    order('north', 'n2', '2023-12-01', { channel: 'phone' }),
    order('south', 's1', '2022-12-01', { channel: 'web', category: 'sofas' }),
  ],
  tickets: [
    { source, account_ref: 'south', ticket_ref: 't1', opened_at: '2024-12-01 10:00:00', channel: 'field' },
    {
      source,
      account_ref: 'south',
      ticket_ref: 't2',
      opened_at: '2024-12-02 10:00:00',
      channel: 'phone',
      handling_minutes: 12.5,
    },
    { source, account_ref: 'south', ticket_ref: 't3', opened_at: '2024-12-03 10:00:00', cost_amount: 3.5 },
  ],
};

const rules = [
  { driver: 'line', category: 'SOFAS', rate: 2 },
  { driver: 'delivery', channel: 'web', rate: 3 },
  { driver: 'delivery', segment: { territory: 'north' }, rate: 7 },
  { driver: 'delivery', channel: 'web', segment: { territory: 'North', kind: 'company' }, rate: 9 },
];

let engine: Engine;

beforeAll(async () => {
  engine = await openState();
  await runStages(engine, company, { value: { cost_rates: { order: 1, delivery: 4, line: 0.1, rules } } });
});

afterAll(() => engine.close());

async function costs(account: string, drivers: string): Promise<unknown[]> {
  return engine.query(
    `select activity.driver, activity.channel, activity.category, activity.period, activity.events, activity.quantity,
       activity.rate, activity.cost
     from value.cost_to_serve as activity
     inner join customers.customer_accounts as account on account.customer_id = activity.customer_id
     where account.account_ref = '${account}' and activity.driver in (${drivers})
     order by activity.driver, activity.channel, activity.category, activity.period`,
  );
}

describe('rates of the cost to serve', () => {
  it('the rule with most conditions wins, of several the first, in any case of the letters', async () => {
    const row = (channel: string, period: string, rate: string) => ({
      driver: 'delivery',
      channel,
      category: 'unknown',
      period,
      events: '1',
      quantity: '1.0000',
      rate,
      cost: rate,
    });
    // phone: by the segment; web: by three conditions, where two rules with one would also hold.
    expect(await costs('north', "'delivery'")).toEqual([
      row('phone', 'previous', '7.0000'),
      row('web', 'last', '9.0000'),
    ]);
    expect(await costs('south', "'delivery'")).toEqual([row('web', 'earlier', '3.0000')]);
  });

  it('lines are rated by their category, else by the rate of all', async () => {
    expect(await costs('north', "'line'")).toMatchObject([
      { channel: 'phone', category: 'unknown', rate: '0.1000' },
      { channel: 'web', category: 'sofas', rate: '2.0000' },
      { channel: 'web', category: 'tea', rate: '0.1000' },
    ]);
  });

  it('a ticket costs what it says, else its minutes, else the rate of its channel; a sales visit is one of field', async () => {
    expect(await costs('south', "'ticket', 'ticket_minute'")).toMatchObject([
      { driver: 'ticket', channel: 'field', events: '1', rate: '120.0000', cost: '120.0000' },
      { driver: 'ticket', channel: 'unknown', events: '1', quantity: '0.0000', cost: '3.5000' },
      { driver: 'ticket_minute', events: '1', quantity: '12.5000', rate: '0.7000', cost: '8.7500' },
    ]);
  });

  it('all activities add up to the costs of contribution, to the cent, in each period and over life', async () => {
    const differences = await engine.query(
      `select contribution.customer_id
       from value.contribution as contribution
       inner join (
         select customer_id, sum(cost) as cost, sum(case when period = 'last' then cost else 0 end) as recent
         from value.cost_to_serve group by customer_id
       ) as activity on activity.customer_id = contribution.customer_id
       where contribution.cost_to_serve <> activity.cost or contribution.cost_to_serve_in_window <> activity.recent`,
    );
    expect(differences).toEqual([]);
    const [total] = await engine.query('select sum(cost_to_serve) as cost from value.contribution');
    // Orders 3 × 1; deliveries 7 + 9 + 3; lines 0.1 + 2 + 0.1 + 2; tickets 120 + 3.5 + 8.75
    expect(total).toEqual({ cost: '158.4500' });
  });
});
