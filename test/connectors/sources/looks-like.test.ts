import { describe, expect, it } from '@jest/globals';
import { looksLike } from '../../../connectors/sources/looks-like.ts';

describe('the entity that a table looks like', () => {
  it.each([
    ['billing.customers', ['customer_no', 'display_name', 'billing_email', 'phone', 'city'], 'accounts'],
    [
      'online_retail',
      ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID'],
      'purchases',
    ],
    ['payments', ['payment_id', 'invoice_no', 'amount', 'due_date', 'paid_on'], 'payments'],
    ['rma', ['ReturnNo', 'OrderNo', 'returned_at', 'refund', 'reason'], 'returns'],
    ['support_cases', ['case_no', 'opened', 'closed', 'channel', 'minutes'], 'tickets'],
    ['mailing_events', ['campaign', 'contact', 'event', 'sent'], 'campaign_responses'],
    ['nps_2024', ['customer', 'score', 'answered_on'], 'surveys'],
    ['web_sessions', ['session_id', 'visitor', 'pages', 'seconds'], 'visits'],
    ['referrals', ['referrer', 'referred', 'day'], 'referrals'],
  ])('%s is recognised by its name and columns', (table, columns, entity) => {
    expect(looksLike(table, columns)).toBe(entity);
  });

  it.each([
    ['order_statuses', ['code', 'label']],
    ['schema_migrations', ['version', 'inserted_on']],
    ['products', ['sku', 'label', 'price']],
  ])('%s looks like none', (table, columns) => {
    expect(looksLike(table, columns)).toBeNull();
  });
});
