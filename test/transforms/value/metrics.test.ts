import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine, Row } from '../../../connectors/engines/engine.ts';
import { type Company, type EntityRow, openState, runStages } from '../hand-made-company.ts';

const source = 'crm';

function purchases(account: string, days: readonly string[], more: Partial<EntityRow> = {}): EntityRow[] {
  return days.map((day) => ({
    source,
    account_ref: account,
    purchase_ref: `${account} ${day}`,
    ordered_at: `${day} 10:00:00`,
    net_amount: 100,
    ...more,
  }));
}

function tickets(account: string, days: readonly string[], satisfaction?: readonly number[]): EntityRow[] {
  return days.map((day, index) => ({
    source,
    account_ref: account,
    ticket_ref: `${account} ${index}`,
    opened_at: `${day} 10:00:00`,
    cost_amount: 10,
    ...(satisfaction === undefined ? {} : { satisfaction: satisfaction[index] ?? null }),
  }));
}

function survey(account: string, day: string, kind: string, score: number, scale: number | null): EntityRow {
  return { source, account_ref: account, occurred_at: `${day} 10:00:00`, kind, score, scale };
}

function campaign(account: string, name: string, event: string, day = '2024-05-01'): EntityRow {
  return {
    source,
    account_ref: account,
    campaign: name,
    occurred_at: `${day} 08:00:00`,
    event,
    channel: 'email',
  };
}

const names = ['steady', 'seasonal', 'caller', 'friend', 'coupon', 'silent'] as const;

/** As of 2024-12-31: the window begins on 2024-01-01, the months before it on 2023-01-01. */
const company: Company = {
  accounts: names.map((name) => ({
    source,
    account_ref: name,
    full_name: `${name} of the test`,
    created_at: '2020-01-01',
  })),
  purchases: [
    // Gaps of 10, 20 and 30 days: mean 20, standard deviation 10.
    ...purchases('steady', ['2024-10-01', '2024-10-11', '2024-10-31', '2024-11-30']),
    // December of four years.
    ...purchases('seasonal', ['2020-12-05', '2021-12-05', '2022-12-05', '2023-12-05']),
    // One order of 80 less 20 with a code, one of 100 less 0, one of 40 with a discount and no code.
    ...purchases('coupon', ['2024-02-01'], {
      gross_amount: 80,
      discount_amount: 20,
      discount_code: 'X',
      net_amount: 60,
    }),
    ...purchases('coupon', ['2024-03-01'], { gross_amount: 100, discount_amount: 0, net_amount: 100 }),
    ...purchases('coupon', ['2023-03-01'], { gross_amount: 50, discount_amount: 10, net_amount: 40 }),
  ],
  returns: [
    { source, account_ref: 'coupon', return_ref: 'r', returned_at: '2024-03-05 10:00:00', refund_amount: 40 },
  ],
  payments: [
    {
      source,
      account_ref: 'coupon',
      payment_ref: 'p1',
      invoiced_at: '2024-02-01 00:00:00',
      due_at: '2024-02-11 00:00:00',
      paid_at: '2024-02-21 00:00:00',
      amount: 60,
      status: 'settled',
    },
    {
      source,
      account_ref: 'coupon',
      payment_ref: 'p2',
      invoiced_at: '2024-03-01 00:00:00',
      due_at: '2024-03-31 00:00:00',
      paid_at: '2024-03-11 00:00:00',
      amount: 40,
      status: 'settled',
    },
    {
      source,
      account_ref: 'coupon',
      payment_ref: 'p3',
      invoiced_at: '2024-03-01 00:00:00',
      due_at: '2024-04-01 00:00:00',
      amount: 60,
    },
  ],
  tickets: [
    ...tickets(
      'caller',
      Array.from({ length: 30 }, () => '2024-07-01'),
    ),
    ...tickets('steady', ['2023-07-01', '2024-07-01', '2024-08-01'], [2, 3, 5]),
    ...tickets('coupon', ['2024-07-01']),
    ...tickets('friend', ['2024-07-01', '2024-07-02', '2024-07-03']),
  ],
  campaign_responses: [
    campaign('friend', 'spring', 'sent'),
    campaign('friend', 'spring', 'opened'),
    campaign('friend', 'spring', 'opened'),
    campaign('friend', 'spring', 'clicked'),
    campaign('friend', 'summer', 'sent'),
    campaign('friend', 'old', 'sent', '2022-05-01'),
  ],
  visits: [
    { source, account_ref: 'friend', occurred_at: '2024-04-02 08:00:00', seconds: 90 },
    { source, account_ref: 'friend', occurred_at: '2024-04-03 08:00:00', seconds: 30 },
    { source, account_ref: 'friend', occurred_at: '2022-04-03 08:00:00' },
  ],
  social: [{ source, account_ref: 'friend', occurred_at: '2024-04-02 08:00:00', kind: 'like' }],
  surveys: [
    survey('friend', '2023-05-01', 'nps', 4, 10),
    survey('friend', '2024-05-01', 'nps', 9, 10),
    survey('friend', '2024-06-01', 'nps', 7, null),
    survey('friend', '2024-06-01', 'brand', 3, 5),
    survey('friend', '2022-06-01', 'satisfaction', 6, 6),
  ],
  referrals: [
    { source, referrer_ref: 'friend', referred_ref: 'steady', occurred_at: '2023-01-01 00:00:00' },
    { source, referrer_ref: 'caller', referred_ref: 'steady', occurred_at: '2023-02-01 00:00:00' },
    { source, referrer_ref: 'friend', referred_ref: 'coupon', occurred_at: '2024-01-01 00:00:00' },
    { source, referrer_ref: 'friend', referred_ref: 'friend', occurred_at: '2024-01-01 00:00:00' },
  ],
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

describe('how a customer buys', () => {
  it('the interval is the mean of the gaps, its variation their standard deviation over it', () => {
    expect(worth.steady).toMatchObject({ purchase_interval_days: '20.0000', frequency: '4' });
    expect(worth.steady?.interval_variation).toBeCloseTo(0.5, 12);
    // 31 days since the last purchase / 20
    expect(worth.steady).toMatchObject({ recency_days: '31', intervals_overdue: '1.5500' });
  });

  it('who buys each December is seasonal, and not lapsed in November', () => {
    expect(worth.seasonal).toMatchObject({ peak_month: 12, is_seasonal: true });
    expect(worth.seasonal?.month_concentration).toBeCloseTo(1, 12);
    // October 3, November 1 of 4: (12 × (9 + 1) / 16 − 1) / 11, in one year
    expect(worth.steady).toMatchObject({ peak_month: 10, is_seasonal: false });
    expect(worth.steady?.month_concentration).toBeCloseTo((12 * 10) / 16 / 11 - 1 / 11, 12);
  });

  it('growth compares net revenue of the window with that of the months before', () => {
    // (60 + 100 − 40 − 40) / 40 = 2
    expect(worth.coupon?.growth).toBe('2.0000');
    expect(worth.steady?.growth).toBeNull();
  });

  it('quintiles give equals the same, and none to those who never bought', () => {
    // Three buyers; recency in days: steady 31, coupon 305, seasonal 392: 5, 5 − ⌊5/3⌋, 5 − ⌊10/3⌋.
    expect(worth.steady).toMatchObject({ recency_quintile: '5', frequency_quintile: '5' });
    expect(worth.coupon).toMatchObject({ recency_quintile: '4', frequency_quintile: '2' });
    expect(worth.seasonal).toMatchObject({ recency_quintile: '2', frequency_quintile: '5' });
    // 100 a day for both: equal, and the best of three.
    expect([worth.steady?.monetary_quintile, worth.seasonal?.monetary_quintile]).toEqual(['5', '5']);
    expect(worth.silent).toMatchObject({ recency_quintile: null, rfm: null });
  });

  it('discounts, codes and price sensitivity', () => {
    // 30 / 230; 1 of 3 orders; (60 + 40) / 200
    expect(worth.coupon).toMatchObject({
      discount_share: '0.1304',
      code_share: '0.3333',
      price_sensitivity: '0.5000',
    });
  });
});

describe('how a customer pays and returns', () => {
  it('days beyond terms weigh the amount, and what is open stands apart', () => {
    // (60 × 20 + 40 × 10) / 100; (60 × 10 + 40 × 0) / 100; 60 of 100 late; p3 is open and due
    expect(worth.coupon).toMatchObject({
      days_to_pay: '16.0000',
      days_beyond_terms: '6.0000',
      late_share: '0.6000',
      payments_not_measured: '1',
      open_amount: '60.0000',
      overdue_amount: '60.0000',
    });
    expect(worth.silent).toMatchObject({ days_to_pay: null, late_share: null, open_amount: '0.0000' });
  });

  it('returns count by value and by lines', () => {
    // 40 / 160; 1 / 2
    expect(worth.coupon).toMatchObject({ return_rate: '0.2500', return_count_rate: '0.5000' });
  });
});

describe('what a customer asks of support', () => {
  it('tickets a month, the last answer and its trend', () => {
    // 2 × 30.4375 / 366 days
    expect(worth.steady).toMatchObject({
      tickets_per_month: '0.1663',
      satisfaction: '3.3333',
      satisfaction_last: '5',
      satisfaction_trend: '2.0000',
    });
  });

  it('who calls 30 times where others call one to three times, and brings nothing, abuses it', () => {
    // Contacts 1, 2, 3, 30: median 2.5, distances 1.5, 0.5, 0.5, 27.5, their median 1: 0.6745 × 27.5 / 1
    expect(worth.caller?.support_robust_z).toBeCloseTo(18.54875, 9);
    expect(worth.caller).toMatchObject({ abuses_support: true, most_contacts_in_one_day: '30' });
    expect(worth.friend).toMatchObject({ abuses_support: false });
    expect(worth.silent).toMatchObject({ support_robust_z: null, abuses_support: false });
    // 30 / (400 × 0.3)
    expect(worth.steady?.support_cost_share).toBe('0.2500');
  });
});

describe('how a customer engages', () => {
  it('opens count each mailing once, visits by the week, minutes where they are known', () => {
    expect(worth.friend).toMatchObject({
      open_rate: '0.5000',
      click_rate: '0.5000',
      campaign_contacts: '3',
      visits: '3',
      weekly_visits: '0.0383', // 7 × 2 / 366
      minutes_per_visit: '1.0000',
      social_touches: '1',
    });
    expect(worth.silent).toMatchObject({ open_rate: null, weekly_visits: '0.0000', minutes_per_visit: null });
  });

  it('opinions are in per cent of their scale, with the last and the trend', () => {
    expect(worth.friend).toMatchObject({
      nps: '66.6667', // (40 + 90 + 70) / 3
      nps_last: '70.0000',
      nps_trend: '40.0000', // (90 + 70) / 2 − 40
      brand_perception: '60.0000',
      brand_perception_trend: null,
      survey_satisfaction: '100.0000',
    });
  });

  it('whom it brought counts for the first who did, and nobody brings itself', async () => {
    const contribution = Number(worth.steady?.net_contribution) + Number(worth.coupon?.net_contribution);
    expect(worth.friend?.customers_referred).toBe('2');
    expect(Number(worth.friend?.referred_contribution)).toBeCloseTo(contribution, 4);
    expect(worth.caller).toMatchObject({ customers_referred: '1', referred_contribution: '0.0000' });
  });
});
