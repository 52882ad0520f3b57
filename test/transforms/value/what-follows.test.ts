import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { type Company, type EntityRow, openState, runStages } from '../hand-made-company.ts';

const source = 'crm';

function orders(account: string, count: number, amount: number, channel?: string): EntityRow[] {
  return Array.from({ length: count }, (_, index) => ({
    source,
    account_ref: account,
    purchase_ref: `${account} ${index}`,
    ordered_at: `2024-${String(12 - (index % 10)).padStart(2, '0')}-01 10:00:00`,
    net_amount: amount,
    ...(channel === undefined ? {} : { channel }),
  }));
}

const free = { order: 0, line: 0, delivery: 0, return: 0, statement: 0, reminder: 0, campaign_other: 0 };

/** Contributions: star 10 × (300 − 5) = 2950, middle 5 × (30 − 1) = 145, drain 20 × 0.3 − 20 × 8 = −154. */
const company: Company = {
  accounts: [
    { source, account_ref: 'star', full_name: 'Stella Star', channel: 'online' },
    { source, account_ref: 'middle', full_name: 'Mia Middle', channel: 'online' },
    { source, account_ref: 'drain', full_name: 'Dan Drain' },
  ],
  purchases: [
    ...orders('star', 10, 1000, 'phone'),
    ...orders('middle', 5, 100, 'web'),
    ...orders('drain', 1, 20),
  ],
  tickets: Array.from({ length: 20 }, (_, index) => ({
    source,
    account_ref: 'drain',
    ticket_ref: `t${index}`,
    opened_at: '2024-07-01 10:00:00',
    channel: 'phone',
    category: 'billing',
  })),
};

const settings = {
  cost_rates: {
    ...free,
    rules: [
      { driver: 'order', channel: 'phone', rate: 5 },
      { driver: 'order', channel: 'web', rate: 1 },
    ],
  },
  segments: ['channel', 'industry'],
};

let engine: Engine;

beforeAll(async () => {
  engine = await openState();
  await runStages(engine, company, { value: settings });
});

afterAll(() => engine.close());

async function ofAccount(
  table: string,
  account: string,
  columns: string,
): Promise<Record<string, unknown>[]> {
  return engine.query(
    `select ${columns} from value.${table} as found
     inner join customers.customer_accounts as account on account.customer_id = found.customer_id
     where account.account_ref = '${account}' order by 1`,
  );
}

describe('service levels', () => {
  it('show what a tier is entitled to, and what it costs before and after', async () => {
    // The last of three ranks is C (2 of 3 stand before it), which is entitled to 6 contacts of 8 each.
    const levels = await engine.query(
      `select tier, customers, users, entitled, used, used_beyond, unit_amount, cost_before, cost_after, saving
       from value.service_levels where service = 'support' and tier in ('A+', 'C') order by tier`,
    );
    expect(levels).toEqual([
      {
        tier: 'A+',
        customers: '1',
        users: '0',
        entitled: null,
        used: '0.0000',
        used_beyond: '0.0000',
        unit_amount: null,
        cost_before: '0.0000',
        cost_after: '0.0000',
        saving: '0.0000',
      },
      {
        tier: 'C',
        customers: '1',
        users: '1',
        entitled: '6.0000',
        used: '20.0000',
        used_beyond: '14.0000',
        unit_amount: '8.0000',
        cost_before: '160.0000',
        cost_after: '48.0000',
        saving: '112.0000',
      },
    ]);
  });
});

describe('what if', () => {
  it('letting go only saves the costs that go away', async () => {
    // Drain brings 20 of revenue; its goods cost 14, and half of 160 of support goes away.
    const [unprofitable, worst] = await engine.query(
      `select customers, revenue_lost, cost_avoided, profit_before, profit_after, effect_amount
       from value.whale_what_if where scenario in ('let_go_unprofitable', 'let_go_worst_20_percent') order by scenario`,
    );
    expect(unprofitable).toEqual({
      customers: '1',
      revenue_lost: '20.0000',
      cost_avoided: '94.0000',
      profit_before: '2941.0000',
      profit_after: '3015.0000',
      effect_amount: '74.0000',
    });
    // A fifth of three customers is one.
    expect(worst).toEqual(unprofitable);
  });

  it('the four levers, each with its effect a year', async () => {
    const levers = await engine.query(
      `select scenario, customers, effect_amount from value.whale_what_if where basis = 'year' order by scenario`,
    );
    expect(levers).toEqual([
      // 10 orders by phone at 5, which cost 1 by web, half of them
      { scenario: 'cheaper_channel', customers: '1', effect_amount: '20.0000' },
      // 20 × (8 − 0.1) × 0.3
      { scenario: 'self_service', customers: '1', effect_amount: '47.4000' },
      { scenario: 'service_fee', customers: '1', effect_amount: '112.0000' },
      // 160 × 0.5
      { scenario: 'top_cause', customers: '1', effect_amount: '80.0000' },
    ]);
  });
});

describe('actions', () => {
  it('the move to the peer median, in points and in money a year, and the levers', async () => {
    const actions = await ofAccount(
      'customer_actions',
      'drain',
      'place, action, kind, target, current_value, target_value, points, amount_a_year, next_tier',
    );
    // The others made no contact: percentiles (1 + 2 / 2) / 3 and 0.5 / 3. Of the weights 85 are left without payments and
    // messages, so 8 / 85 × (66.6667 − 16.6667).
    expect(actions[0]).toEqual({
      place: '1',
      action: 'tickets',
      kind: 'metric',
      target: 'peer_median',
      current_value: '20.0000',
      target_value: '0.0000',
      points: '4.7059',
      amount_a_year: '160.0000',
      next_tier: 'B',
    });
    expect(actions).toContainEqual(
      expect.objectContaining({
        action: 'service_fee',
        kind: 'lever',
        amount_a_year: '112.0000',
        points: null,
      }),
    );
    expect(actions).toHaveLength(5);
  });

  it('none of them is a result that nobody can move by itself', async () => {
    const results = await engine.query(
      "select action from value.customer_actions where action = 'net_contribution'",
    );
    expect(results).toEqual([]);
  });
});

describe('segments', () => {
  it('share in the profit and in the whale, and a segment without revenue has no ceiling of its own making', async () => {
    const rows = await engine.query(
      `select segment, customers, net_revenue, net_contribution, contribution_share, peak_share
       from value.segments where dimension = 'channel' and period = 'lifetime' order by segment`,
    );
    // 3095 / 2941; −154 / 2941
    expect(rows).toEqual([
      {
        segment: 'online',
        customers: '2',
        net_revenue: '10500.0000',
        net_contribution: '3095.0000',
        contribution_share: '1.0524',
        peak_share: '1.0000',
      },
      {
        segment: 'unknown',
        customers: '1',
        net_revenue: '20.0000',
        net_contribution: '-154.0000',
        contribution_share: '-0.0524',
        peak_share: '0.0000',
      },
    ]);
  });

  it('each dimension holds all customers and all money in each period', async () => {
    const totals = await engine.query(
      `select dimension, period, sum(customers) as customers, sum(net_contribution) as profit
       from value.segments group by dimension, period order by dimension, period`,
    );
    expect(totals).toEqual(
      ['channel', 'industry'].flatMap((dimension) =>
        // All happened in the window.
        [
          { dimension, period: 'last', customers: '3', profit: '2941.0000' },
          { dimension, period: 'lifetime', customers: '3', profit: '2941.0000' },
          { dimension, period: 'previous', customers: '3', profit: '0.0000' },
        ],
      ),
    );
  });
});

describe('groups and budgets', () => {
  it('follow from tier, band and lifetime value, and destroyers get no budget', async () => {
    const rows = await engine.query(
      `select account.account_ref, tier, value_band, value_group, lifetime_value, lifetime_value_with_levers,
         net_contribution, retention_budget
       from value.customer_value as worth
       inner join customers.customer_accounts as account on account.customer_id = worth.customer_id
       order by account.account_ref`,
    );
    expect(rows).toMatchObject([
      { account_ref: 'drain', value_band: 'destroyer', retention_budget: '0.0000' },
      { account_ref: 'middle', tier: 'B', value_band: 'creator' },
      { account_ref: 'star', tier: 'A+', value_band: 'creator', value_group: 'keep' },
    ]);
    for (const row of rows) {
      const lifetime = Number(row.lifetime_value);
      const isDestroyer = row.value_band === 'destroyer';
      const expected = isDestroyer
        ? [Number(row.lifetime_value_with_levers) <= 0 ? 'let_go' : 'fix']
        : [row.tier === 'A+' || lifetime <= 1.5 * Number(row.net_contribution) ? 'keep' : 'grow'];
      expect([row.value_group]).toEqual(expected);
      if (!isDestroyer) expect(Number(row.retention_budget)).toBeCloseTo(0.05 * Math.max(lifetime, 0), 3);
    }
  });
});

describe('tiers by cumulative value', () => {
  it('are cut by the share of the profit that better customers bring; who brings none is D', async () => {
    // Profits 50, 30, 15, 5 of 100, and −8: before them stand 0, 50, 80, 95 per cent.
    const amounts = { a: 500, b: 300, c: 150, d: 50 };
    await runStages(
      engine,
      {
        purchases: Object.entries(amounts).flatMap(([account, amount]) => orders(account, 1, amount)),
        tickets: [
          { source, account_ref: 'e', ticket_ref: 't', opened_at: '2024-07-01 10:00:00', channel: 'phone' },
        ],
      },
      { value: { margin_rate: 0.1, cost_rates: free, tiers: { by: 'cumulative_value' } } },
    );
    const rows = await engine.query(
      `select account.account_ref, tier from value.customer_value as worth
       inner join customers.customer_accounts as account on account.customer_id = worth.customer_id
       order by account.account_ref`,
    );
    expect(rows.map(({ tier }) => tier)).toEqual(['A+', 'A', 'B', 'C', 'D']);
  });
});
