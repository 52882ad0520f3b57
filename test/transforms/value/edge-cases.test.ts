import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../config/load-config.ts';
import type { Engine, Row } from '../../../connectors/engines/engine.ts';
import { makeWorkplace } from '../../pipelines/workplace.ts';
import { openOn } from '../both-engines.ts';
import { type Company, type EntityRow, openState, runStages } from '../hand-made-company.ts';

const source = 'crm';

function purchase(account: string, day: string, amount: number, more: Partial<EntityRow> = {}): EntityRow {
  return {
    source,
    account_ref: account,
    purchase_ref: `${account} ${day}`,
    ordered_at: `${day} 10:00:00`,
    net_amount: amount,
    ...more,
  };
}

const names = ['refunded', 'credited', 'newborn', 'caller', 'free', 'silent', 'ordinary', 'huge', 'abroad'];

/** As of 2024-12-31. */
const company: Company = {
  accounts: names.map((name, index) => ({
    source,
    account_ref: name,
    full_name: `${name} number ${index}`,
    email: `${name}@${name}.example`,
    // Nobody of this territory ever bought.
    territory: ['caller', 'silent'].includes(name) ? 'empty' : 'busy',
  })),
  purchases: [
    purchase('refunded', '2024-05-01', 50),
    purchase('credited', '2024-05-01', -30),
    purchase('newborn', '2024-12-31', 20),
    purchase('free', '2024-05-01', 0, { gross_amount: 0 }),
    purchase('ordinary', '2023-05-01', 0.0001),
    purchase('ordinary', '2024-05-01', 40),
    purchase('ordinary', '2024-06-01', 700, { status: 'Cancelled' }),
    purchase('huge', '2024-05-01', 9_000_000_000),
    // As conform leaves them: each in its own currency, and in the reporting currency beside it.
    purchase('abroad', '2024-05-01', 100, {
      currency: 'USD',
      net_amount_reporting: 90,
      cost_amount: 50,
      cost_amount_reporting: 45,
    }),
    purchase('abroad', '2024-06-01', 10_000, { currency: 'JPY', net_amount_reporting: 61.5 }),
    purchase('abroad', '2024-07-01', 40),
  ],
  returns: [
    {
      source,
      account_ref: 'refunded',
      return_ref: 'r',
      returned_at: '2024-06-01 10:00:00',
      refund_amount: 80,
    },
    {
      source,
      account_ref: 'abroad',
      return_ref: 'usd',
      returned_at: '2024-06-01 10:00:00',
      currency: 'USD',
      refund_amount: 20,
      refund_amount_reporting: 18,
    },
  ],
  tickets: [
    {
      source,
      account_ref: 'caller',
      ticket_ref: 't',
      opened_at: '2024-06-01 10:00:00',
      handling_minutes: 0,
    },
  ],
  payments: [{ source, account_ref: 'ordinary', payment_ref: 'p', amount: 0 }],
};

let engine: Engine;
const worth: Record<string, Row> = {};

beforeAll(async () => {
  engine = await openState();
  await runStages(engine, company);
  const rows = await engine.query(
    `select account.account_ref, worth.* from value.customer_value as worth
     inner join customers.customer_accounts as account on account.customer_id = worth.customer_id`,
  );
  for (const row of rows) worth[String(row.account_ref)] = row;
});

afterAll(() => engine.close());

/** Columns of schema value in which a number is not one. */
async function notFinite(): Promise<string[]> {
  const columns = await engine.query<{ table: string; name: string }>(
    `select table_name as table, column_name as name from information_schema.columns
     where table_schema = 'value' and data_type = 'DOUBLE'`,
  );
  const found: string[] = [];
  for (const { table, name } of columns) {
    const [row] = await engine.query(
      `select count(*) as wrong from value."${table}" where "${name}" is not null and not isfinite("${name}")`,
    );
    if (Number(row?.wrong) > 0) found.push(`${table}.${name}`);
  }
  return found;
}

describe('cases at the edge', () => {
  it('more is given back than was bought: revenue is negative, the return rate above 1, growth unknown', () => {
    expect(worth.refunded).toMatchObject({
      net_revenue: '-30.0000',
      return_rate: '1.6000',
      growth: null,
      value_band: 'destroyer',
    });
  });

  it('a credit alone is revenue, but no purchase', () => {
    expect(worth.credited).toMatchObject({
      net_revenue: '-30.0000',
      orders: '0',
      frequency: '0',
      recency_days: null,
      monetary: null,
      return_rate: null,
      rfm: null,
    });
  });

  it('a customer of today has recency 0 and no interval yet', () => {
    expect(worth.newborn).toMatchObject({
      recency_days: '0',
      purchase_interval_days: null,
      interval_variation: null,
      intervals_overdue: null,
    });
  });

  it('who only calls costs money and has neither recency nor lifetime value', () => {
    expect(worth.caller).toMatchObject({
      is_active: true,
      recency_days: null,
      lifetime_value: null,
      retention_budget: null,
      support_cost_share: null,
      abuses_support: false,
      // 0 minutes × 0.7
      net_contribution: '0.0000',
    });
  });

  it('an order for nothing is a purchase of 0 without a discount share', () => {
    expect(worth.free).toMatchObject({
      orders: '1',
      monetary: '0.0000',
      discount_share: null,
      return_rate: null,
    });
  });

  it('growth from next to nothing is no number', () => {
    expect(worth.ordinary?.growth).toBeNull();
  });

  it('a cancelled order brings nothing, costs nothing and is no purchase', () => {
    // 40 and 0.0001, and two orders at 1.5 + 4 and a line of 0.1 each
    expect(worth.ordinary).toMatchObject({
      net_revenue: '40.0001',
      orders: '2',
      order_cost: '3.0000',
      line_cost: '0.2000',
      last_purchase_on: '2024-05-01',
    });
  });

  it('a payment of nothing has no days to pay', () => {
    expect(worth.ordinary).toMatchObject({ days_to_pay: null, open_amount: '0.0000' });
  });

  it('a segment without revenue has zeros, and a ceiling only where there is a lifetime value', async () => {
    const [empty] = await engine.query(
      "select * from value.segments where dimension = 'territory' and segment = 'empty' and period = 'lifetime'",
    );
    expect(empty).toMatchObject({
      customers: '2',
      net_revenue: '0.0000',
      net_contribution: '0.0000',
      contribution_share: '0.0000',
      lifetime_value: null,
      acquisition_ceiling: null,
    });
  });

  it('several currencies of one customer add up in the reporting currency alone', () => {
    // 90 + 61.5 + 40 - 18; goods: 45, and 0.7 × 61.5 and 0.7 × 40 at a margin of 0.3
    expect(worth.abroad).toMatchObject({
      net_revenue: '173.5000',
      cost_of_goods: '116.0500',
      frequency: '3',
      monetary: '63.8333',
    });
  });

  it('PostgreSQL, which fails where it divides by zero, has the same', async () => {
    const postgres = await openOn('postgres');
    try {
      await runStages(postgres, company);
      const select = `select account.account_ref, worth.* from value.customer_value as worth
        inner join customers.customer_accounts as account on account.customer_id = worth.customer_id
        order by account.account_ref`;
      for (const row of await postgres.query(select)) {
        const ours = worth[String(row.account_ref)] ?? {};
        for (const [column, cell] of Object.entries(row)) {
          if (typeof cell === 'number') expect(cell).toBeCloseTo(Number(ours[column]), 9);
          else expect([column, cell]).toEqual([column, ours[column]]);
        }
      }
    } finally {
      await postgres.close();
    }
  });

  it('no number of any table is infinite or none', async () => {
    expect(await notFinite()).toEqual([]);
  });
});

describe('all customers equal', () => {
  it('have one score and one quintile, a flat curve and actions of none', async () => {
    const accounts = ['e1', 'e2', 'e3', 'e4'];
    await runStages(engine, {
      accounts: accounts.map((name) => ({ source, account_ref: name, full_name: `${name} of equals` })),
      purchases: accounts.map((name) => purchase(name, '2024-12-01', 100)),
      tickets: accounts.map((name) => ({
        source,
        account_ref: name,
        ticket_ref: name,
        opened_at: '2024-06-01 10:00:00',
        channel: 'self_service',
      })),
    });
    const rows = await engine.query(
      'select distinct score, recency_quintile, monetary_quintile, support_robust_z, abuses_support from value.customer_value',
    );
    expect(rows).toEqual([
      {
        score: '50.0000',
        recency_quintile: '5',
        monetary_quintile: '5',
        support_robust_z: null,
        abuses_support: false,
      },
    ]);
    const [summary] = await engine.query('select gini, peak_share, erosion from value.whale_summary');
    expect(summary).toMatchObject({ peak_share: '1.0000', erosion: '0.0000' });
    expect(summary?.gini).toBeCloseTo(0, 12);
    expect(await engine.query("select action from value.customer_actions where kind = 'metric'")).toEqual([]);
    expect(await notFinite()).toEqual([]);
  });
});

describe('weights that sum to zero', () => {
  it('are refused with their place', async () => {
    const zero = `{ net_contribution: 0, recency_days: 0, frequency: 0, monetary: 0, days_to_pay: 0, return_rate: 0,
    tickets: 0, response_rate: 0 }`;
    const place = await makeWorkplace(
      `sources:\n  shop: { type: files, path: . }\nvalue:\n  weights: ${zero}\n`,
    );
    try {
      await expect(loadConfig(place.configFile, {})).rejects.toThrow(/at least one weight must be above 0/);
    } finally {
      await place.remove();
    }
  });
});
