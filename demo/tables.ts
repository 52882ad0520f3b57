/**
 * The tables of the four silos. A row is a list of values in the order of the columns; money is whole pence
 * (or cents), times and dates are milliseconds since 1970, UTC. Each writer renders them in its own way.
 */
export type Value = string | number | boolean | null;
export type Row = readonly Value[];
export type ColumnKind = 'text' | 'integer' | 'money' | 'time' | 'date' | 'boolean';

export interface SiloTable {
  silo: 'finance' | 'sales' | 'service' | 'marketing' | 'truth';
  /** Name in its database, or of its file. */
  name: string;
  key: readonly string[];
  columns: Readonly<Record<string, ColumnKind>>;
}

export const siloTables = {
  billingCustomers: {
    silo: 'finance',
    name: 'billing.customers',
    key: ['customer_no'],
    columns: {
      customer_no: 'text',
      type: 'text',
      display_name: 'text',
      billing_email: 'text',
      phone: 'text',
      street: 'text',
      city: 'text',
      postcode: 'text',
      country: 'text',
      vat_id: 'text',
      industry: 'text',
      created_at: 'time',
      updated_at: 'time',
    },
  },
  billingPayments: {
    silo: 'finance',
    name: 'billing.payments',
    key: ['payment_id'],
    columns: {
      payment_id: 'integer',
      customer_no: 'text',
      invoice_no: 'text',
      invoice_date: 'time',
      due_date: 'time',
      paid_at: 'time',
      amount: 'money',
      currency: 'text',
      method: 'text',
      status: 'text',
      updated_at: 'time',
    },
  },
  shopCustomers: {
    silo: 'sales',
    name: 'shop.customers',
    key: ['customer_id'],
    columns: {
      customer_id: 'integer',
      first_name: 'text',
      last_name: 'text',
      company: 'text',
      email: 'text',
      phone: 'text',
      birthday: 'date',
      street: 'text',
      city: 'text',
      zipCode: 'text',
      country: 'text',
      finance_no: 'text',
      came_by: 'text',
      created_at: 'time',
      updated_at: 'time',
    },
  },
  shopOrders: {
    silo: 'sales',
    name: 'shop.order',
    key: ['order_id'],
    columns: {
      order_id: 'integer',
      customer_id: 'integer',
      ordered_at: 'time',
      channel: 'text',
      status: 'text',
      currency: 'text',
      discount_code: 'text',
      updated_at: 'time',
    },
  },
  shopOrderLines: {
    silo: 'sales',
    name: 'shop.order_lines',
    key: ['order_id', 'line_no'],
    columns: {
      order_id: 'integer',
      line_no: 'integer',
      sku: 'text',
      category: 'text',
      quantity: 'integer',
      gross: 'money',
      discount: 'money',
      net: 'money',
      cost: 'money',
      updated_at: 'time',
    },
  },
  shopReturns: {
    silo: 'sales',
    name: 'shop.returns',
    key: ['return_id'],
    columns: {
      return_id: 'integer',
      order_id: 'integer',
      customer_id: 'integer',
      returned_at: 'time',
      quantity: 'integer',
      refund: 'money',
      currency: 'text',
      reason: 'text',
      updated_at: 'time',
    },
  },
  contacts: {
    silo: 'service',
    name: 'contacts',
    key: ['contact_no'],
    columns: {
      contact_no: 'text',
      name: 'text',
      company: 'text',
      email: 'text',
      phone: 'text',
      street: 'text',
      town: 'text',
      postcode: 'text',
      country: 'text',
      birth_date: 'date',
      shop_no: 'integer',
      since: 'date',
    },
  },
  tickets: {
    silo: 'service',
    name: 'tickets',
    key: ['ticket_no'],
    columns: {
      ticket_no: 'text',
      contact_no: 'text',
      opened: 'time',
      closed: 'time',
      channel: 'text',
      topic: 'text',
      minutes: 'money',
      cost: 'money',
      satisfaction: 'integer',
      note: 'text',
    },
  },
  subscribers: {
    silo: 'marketing',
    name: 'subscribers',
    key: ['subscriber'],
    columns: {
      subscriber: 'text',
      email: 'text',
      first_name: 'text',
      last_name: 'text',
      mobile: 'text',
      postcode: 'text',
      country: 'text',
      consent: 'boolean',
      signed_up: 'time',
    },
  },
  campaignEvents: {
    silo: 'marketing',
    name: 'events',
    key: ['event_id'],
    columns: {
      event_id: 'text',
      subscriber: 'text',
      campaign: 'text',
      event: 'text',
      happened_at: 'time',
      channel: 'text',
      cost: 'money',
    },
  },
  referrals: {
    silo: 'marketing',
    name: 'referrals',
    key: ['brought'],
    columns: { brought_by: 'text', brought: 'text', on_day: 'date' },
  },
  visits: {
    silo: 'marketing',
    name: 'visits',
    key: ['visit_id'],
    columns: { visit_id: 'text', subscriber: 'text', began_at: 'time', seconds: 'integer', pages: 'integer' },
  },
  surveys: {
    silo: 'marketing',
    name: 'surveys',
    key: ['answer_id'],
    columns: { answer_id: 'text', subscriber: 'text', answered_at: 'time', kind: 'text', score: 'integer' },
  },
  truth: {
    silo: 'truth',
    name: 'accounts',
    key: ['source', 'account_ref'],
    columns: { source: 'text', account_ref: 'text', true_customer: 'text' },
  },
} as const satisfies Record<string, SiloTable>;

export type SiloTableName = keyof typeof siloTables;
export const siloTableNames = Object.keys(siloTables) as SiloTableName[];

export function siloTable(name: SiloTableName): SiloTable {
  return siloTables[name];
}

/** Takes the rows as they are made. */
export type Emit = (table: SiloTableName, row: Row) => void;
