import { describe, expect, it } from '@jest/globals';
import { siloTable, siloTableNames } from '../../demo/tables.ts';
import { type NamedRow, rowsOfCompany } from './rows-of-company.ts';

const size = { seed: 42, customers: 400 };
const company = rowsOfCompany(size);

describe('the demo company', () => {
  it('is the same for the same seed, and another for another seed', () => {
    expect(rowsOfCompany(size)).toEqual(company);
    expect(rowsOfCompany({ ...size, seed: 43 }).shopOrders).not.toEqual(company.shopOrders);
  });

  it('has the same first customers at any size', () => {
    const smaller = rowsOfCompany({ ...size, customers: 150 });
    for (const name of siloTableNames) {
      expect(company[name].slice(0, smaller[name].length)).toEqual(smaller[name]);
    }
  });

  it('gives each row a key of its own', () => {
    for (const name of siloTableNames) {
      const { key } = siloTable(name);
      const keys = company[name].map((row) => key.map((column) => row[column]).join('|'));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('knows in truth who each account is, also the accounts that only events name', () => {
    const truth = new Set(company.truth.map(({ source, account_ref }) => `${source}|${account_ref}`));
    const named = [
      ...refs('finance', company.billingCustomers, 'customer_no'),
      ...refs('finance', company.billingPayments, 'customer_no'),
      ...refs('sales', company.shopCustomers, 'customer_id'),
      ...refs('sales', company.shopOrders, 'customer_id'),
      ...refs('sales', company.shopReturns, 'customer_id'),
      ...refs('service', company.contacts, 'contact_no'),
      ...refs('service', company.tickets, 'contact_no'),
      ...refs('marketing', company.subscribers, 'subscriber'),
      ...refs('marketing', company.campaignEvents, 'subscriber'),
      ...refs('marketing', company.visits, 'subscriber'),
      ...refs('marketing', company.surveys, 'subscriber'),
      ...refs('marketing', company.referrals, 'brought_by'),
      ...refs('marketing', company.referrals, 'brought'),
    ];
    expect(truth.size).toBe(company.truth.length);
    expect(named.filter((account) => !truth.has(account))).toEqual([]);
    expect(new Set(company.truth.map(({ true_customer }) => true_customer)).size).toBe(size.customers);
  });

  it('points from one system only to accounts that the other system has', () => {
    const finance = new Set(company.billingCustomers.map(({ customer_no }) => customer_no));
    const shop = new Set(company.shopCustomers.map(({ customer_id }) => customer_id));
    expect(company.shopCustomers.filter(({ finance_no }) => finance_no && !finance.has(finance_no))).toEqual(
      [],
    );
    expect(company.contacts.filter(({ shop_no }) => shop_no && !shop.has(shop_no))).toEqual([]);
    expect(company.contacts.some(({ shop_no }) => shop_no !== null)).toBe(true);
  });
});

describe('the money of the demo company', () => {
  it('is gross less discount in every order line', () => {
    const wrong = company.shopOrderLines.filter(
      ({ gross, discount, net }) => Number(gross) - Number(discount) !== net,
    );
    expect(wrong).toEqual([]);
  });

  it('that is invoiced is the money of the orders, to the penny', () => {
    const lines = sums(company.shopOrderLines, 'order_id', 'net');
    const cancelled = new Set(
      company.shopOrders.filter(({ status }) => status === 'cancelled').map(({ order_id }) => order_id),
    );
    const invoices = sums(company.billingPayments, 'invoice_no', 'amount');
    expect(invoices.size).toBeGreaterThan(100);
    for (const [invoice, amount] of invoices) {
      const order = Number(String(invoice).slice(1));
      expect(cancelled.has(order)).toBe(false);
      expect(amount).toBe(lines.get(order));
    }
  });

  it('that is given back is no more than what was paid', () => {
    const lines = sums(company.shopOrderLines, 'order_id', 'net');
    for (const [order, refund] of sums(company.shopReturns, 'order_id', 'refund')) {
      expect(refund).toBeLessThanOrEqual(lines.get(order) ?? 0);
    }
  });
});

function refs(source: string, rows: readonly NamedRow[], column: string): string[] {
  return rows.map((row) => `${source}|${row[column]}`);
}

function sums(rows: readonly NamedRow[], by: string, column: string): Map<unknown, number> {
  const totals = new Map<unknown, number>();
  for (const row of rows) totals.set(row[by], (totals.get(row[by]) ?? 0) + Number(row[column]));
  return totals;
}
