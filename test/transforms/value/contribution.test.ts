import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine, Row } from '../../../connectors/engines/engine.ts';
import { type Company, openState, runStages } from '../hand-made-company.ts';

/** One buyer with something of everything, worked out by hand beside each expectation; as of 2024-12-31. */
const company: Company = {
  accounts: [
    { source: 'crm', account_ref: 'buyer', full_name: 'Ada Buyer', created_at: '2020-01-01' },
    { source: 'crm', account_ref: 'caller', full_name: 'Cem Caller', created_at: '2020-01-01' },
    { source: 'crm', account_ref: 'silent', full_name: 'Sam Silent', created_at: '2020-01-01' },
  ],
  purchases: [
    // Order o1 on 2 March 2024: a line with its own cost, one with a category rate, one with the default rate.
    {
      source: 'crm',
      account_ref: 'buyer',
      purchase_ref: 'o1',
      ordered_at: '2024-03-02 09:00:00',
      gross_amount: 110,
      discount_amount: 10,
      net_amount: 100,
      cost_amount: 55.5,
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      purchase_ref: 'o1',
      ordered_at: '2024-03-02 09:00:00',
      category: 'books',
      net_amount: 50,
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      purchase_ref: 'o1',
      ordered_at: '2024-03-02 09:00:00',
      net_amount: 33.3333,
    },
    // A second order on the same day, one on another day long before the window, and a credit alone.
    {
      source: 'crm',
      account_ref: 'buyer',
      purchase_ref: 'o2',
      ordered_at: '2024-03-02 18:00:00',
      net_amount: 20,
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      purchase_ref: 'o3',
      ordered_at: '2022-06-01 08:00:00',
      net_amount: 10,
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      purchase_ref: 'credit',
      ordered_at: '2024-04-01 08:00:00',
      net_amount: -5,
    },
  ],
  returns: [
    {
      source: 'crm',
      account_ref: 'buyer',
      return_ref: 'r1',
      returned_at: '2024-03-10 08:00:00',
      refund_amount: 30,
      handling_cost: 7.25,
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      return_ref: 'r2',
      returned_at: '2024-03-11 08:00:00',
      refund_amount: 10,
    },
  ],
  payments: [
    {
      source: 'crm',
      account_ref: 'buyer',
      payment_ref: 'p1',
      invoice_ref: 'i1',
      invoiced_at: '2024-03-02 00:00:00',
      due_at: '2024-04-01 00:00:00',
      paid_at: '2024-03-12 00:00:00',
      amount: 100,
      status: 'settled',
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      payment_ref: 'p2',
      invoice_ref: 'i1',
      invoiced_at: '2024-03-02 00:00:00',
      due_at: '2024-04-01 00:00:00',
      paid_at: '2024-05-01 00:00:00',
      amount: 50,
      status: 'settled',
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      payment_ref: 'p3',
      invoice_ref: 'i2',
      invoiced_at: '2024-12-01 00:00:00',
      due_at: '2024-12-20 00:00:00',
      amount: 40,
    },
    // Paid after the as-of date: still open on it.
    {
      source: 'crm',
      account_ref: 'buyer',
      payment_ref: 'p4',
      invoice_ref: 'i3',
      invoiced_at: '2024-12-21 00:00:00',
      due_at: '2025-01-20 00:00:00',
      paid_at: '2025-01-05 00:00:00',
      amount: 60,
      status: 'settled',
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      payment_ref: 'p5',
      invoice_ref: 'i4',
      invoiced_at: '2024-02-01 00:00:00',
      due_at: '2024-03-01 00:00:00',
      amount: 8,
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      payment_ref: 'p6',
      invoice_ref: 'i5',
      invoiced_at: '2024-06-01 00:00:00',
      paid_at: '2024-06-01 00:00:00',
      amount: 12,
      status: 'charged_back',
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      payment_ref: 'p7',
      invoice_ref: 'i5',
      invoiced_at: '2024-06-01 00:00:00',
      amount: 999,
      status: 'failed',
    },
  ],
  tickets: [
    ...Array.from({ length: 35 }, (_, index) => ({
      source: 'crm',
      account_ref: 'caller',
      ticket_ref: `c${index}`,
      opened_at: '2024-07-01 08:00:00',
      channel: 'phone',
      handling_minutes: 10,
    })),
    {
      source: 'crm',
      account_ref: 'buyer',
      ticket_ref: 't1',
      opened_at: '2024-07-01 08:00:00',
      channel: 'phone',
      cost_amount: 3.3,
      handling_minutes: 10,
      satisfaction: 5,
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      ticket_ref: 't2',
      opened_at: '2024-07-02 08:00:00',
      channel: 'phone',
      handling_minutes: 10,
      satisfaction: 2,
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      ticket_ref: 't3',
      opened_at: '2024-07-03 08:00:00',
      channel: 'field',
    },
    { source: 'crm', account_ref: 'buyer', ticket_ref: 't4', opened_at: '2024-07-04 08:00:00' },
  ],
  campaign_responses: [
    {
      source: 'crm',
      account_ref: 'buyer',
      campaign: 'spring',
      occurred_at: '2024-05-01 08:00:00',
      event: 'sent',
      channel: 'mail',
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      campaign: 'spring',
      occurred_at: '2024-05-03 08:00:00',
      event: 'responded',
      channel: 'mail',
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      campaign: 'autumn',
      occurred_at: '2024-09-01 08:00:00',
      event: 'sent',
      channel: 'pigeon',
    },
    {
      source: 'crm',
      account_ref: 'buyer',
      campaign: 'winter',
      occurred_at: '2024-11-01 08:00:00',
      event: 'sent',
      cost_amount: 2,
    },
  ],
};

let engine: Engine;
let buyer: Row;
let caller: Row;
let silent: Row;

beforeAll(async () => {
  engine = await openState();
  await runStages(engine, company, { value: { margin_rates: { books: 0.4 }, returned_stock_recovery: 0.5 } });
  const rows = await engine.query(
    `select customer.full_name, worth.* from value.customer_value as worth
     inner join customers.customers as customer on customer.customer_id = worth.customer_id
     order by customer.full_name`,
  );
  [buyer = {}, caller = {}, silent = {}] = rows;
});

afterAll(() => engine.close());

describe('past value, by hand', () => {
  it('net revenue is what was bought less what was given back', () => {
    // 100 + 50 + 33.3333 + 20 + 10 − 5 = 208.3333; refunds 30 + 10
    expect(buyer).toMatchObject({
      purchase_amount: '208.3333',
      refund_amount: '40.0000',
      net_revenue: '168.3333',
    });
  });

  it('the cost of goods is the row’s own, else by the category’s margin, else by the default margin', () => {
    // 55.5 + 50 × 0.6 + 33.3333 × 0.7 = 23.33331 → 23.3333 + 20 × 0.7 + 10 × 0.7 − 5 × 0.7
    // = 55.5 + 30 + 23.3333 + 14 + 7 − 3.5 = 126.3333; half the cost of returned goods comes back: 40 × 0.7 × 0.5 = 14
    expect(buyer).toMatchObject({
      cost_of_goods: '126.3333',
      recovered_stock: '14.0000',
      gross_margin: '56.0000',
    });
  });

  it('the cost to serve is each driver times its rate, or the row’s own cost', () => {
    expect(buyer).toMatchObject({
      order_cost: '4.5000', // 3 orders (the credit is none) × 1.5
      line_cost: '0.6000', // 6 lines × 0.1
      delivery_cost: '12.0000', // 3 × 4
      return_handling_cost: '13.2500', // own 7.25 + rate 6
      support_cost: '138.3000', // own 3.3 + 10 minutes × 0.7 + field 120 + without channel 8
      campaign_cost: '2.9500', // mail 0.9 + another channel 0.05 + own 2
      statement_cost: '1.5000', // 5 invoices × 0.3
      reminder_cost: '9.0000', // 3 more than 7 days late: p2 by 30 days, p3 by 11, p5 by 305
      cost_to_serve: '182.1000',
    });
  });

  it('the cost of credit is amount × days × rate / 365', () => {
    // 100×10 + 50×60 + 40×30 + 60×10 + 8×334 + 12×0 = 1000 + 3000 + 1200 + 600 + 2672 = 8472; × 0.10 / 365 = 2.32109…
    expect(buyer.cost_of_credit).toBe('2.3211');
  });

  it('what was charged back, or is open half a year after it was due, is lost', () => {
    // charged back 12 + p5 8, due 305 days before
    expect(buyer.bad_debt).toBe('20.0000');
    // open: p3 40 + p4 60 + p5 8; overdue without p4
    expect(buyer).toMatchObject({ open_amount: '108.0000', overdue_amount: '48.0000' });
  });

  it('net contribution is what is left, and a customer who only calls costs money', () => {
    // 56 − 182.1 − 2.3211 − 20
    expect(buyer).toMatchObject({
      net_contribution: '-148.4211',
      value_band: 'destroyer',
    });
    // 35 tickets × 10 minutes × 0.7
    expect(caller).toMatchObject({
      net_revenue: '0.0000',
      net_contribution: '-245.0000',
      most_contacts_in_one_day: '35',
    });
    expect(silent).toMatchObject({ net_contribution: '0.0000', value_band: 'neutral', value_group: 'grow' });
  });
});

describe('behaviour, by hand', () => {
  it('recency, frequency and monetary count purchase days, and a credit alone is none', () => {
    expect(buyer).toMatchObject({
      recency_days: '304', // 2 March to 31 December 2024
      frequency: '2', // 2 March 2024, 1 June 2022
      monetary: '106.6667', // (203.3333 + 10) / 2 = 106.66665, half away from zero
      frequency_in_window: '1',
      monetary_in_window: '203.3333',
      first_purchase_on: '2022-06-01',
      last_purchase_on: '2024-03-02',
    });
    expect(caller).toMatchObject({ recency_days: null, frequency: '0', monetary: null, is_active: true });
    expect(silent).toMatchObject({ recency_days: null, is_active: false });
  });

  it('days to pay weigh the amount and leave out what is not settled', () => {
    // (100 × 10 + 50 × 60) / 150 = 26.6667
    expect(buyer.days_to_pay).toBe('26.6667');
  });

  it('rates are null where there is nothing to divide by', () => {
    // refunds 40 / net amount in the window 198.3333; 1 response to 3 messages; (5 + 2) / 2; discount 10 / 218.3333
    expect(buyer).toMatchObject({
      return_rate: '0.2017',
      response_rate: '0.3333',
      satisfaction: '3.5000',
      discount_share: '0.0458',
    });
    expect(silent).toMatchObject({
      return_rate: null,
      response_rate: null,
      satisfaction: null,
      discount_share: null,
    });
  });
});
