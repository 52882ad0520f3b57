/**
 * The contract of the canonical entities: what `conform` turns every mapped source table into. A row that
 * lacks a required column, breaks a type or has a value outside `accepted` goes to quarantine.
 */

/** money is DECIMAL(18,4); quantity is DECIMAL(18,4); integer is BIGINT; timestamp is UTC without zone. */
export type EntityColumnType =
  | 'text'
  | 'integer'
  | 'quantity'
  | 'money'
  | 'rate'
  | 'timestamp'
  | 'date'
  | 'boolean';

export interface EntityColumn {
  type: EntityColumnType;
  isRequired?: true;
  accepted?: readonly string[];
  comment: string;
}

export interface Entity {
  /** What one row is. */
  grain: string;
  /** The column that says when it happened: rows after `as_of` take no part. Undefined for accounts. */
  eventTime?: string;
  /** The money column that control totals follow from the source to the warehouse. */
  money?: string;
  columns: Readonly<Record<string, EntityColumn>>;
}

const accountRef = {
  account_ref: { type: 'text', isRequired: true, comment: 'The account in its own system' },
} as const;

export const entities = {
  accounts: {
    grain: "one system's record of a person or company",
    columns: {
      ...accountRef,
      kind: { type: 'text', accepted: ['person', 'company'], comment: 'person or company' },
      full_name: { type: 'text', comment: 'Name in one piece' },
      given_name: { type: 'text', comment: 'Given name' },
      family_name: { type: 'text', comment: 'Family name' },
      company_name: { type: 'text', comment: 'Company name' },
      email: { type: 'text', comment: 'E-mail address' },
      phone: { type: 'text', comment: 'Phone number as written' },
      date_of_birth: { type: 'date', comment: 'Date of birth' },
      street: { type: 'text', comment: 'Street and number' },
      city: { type: 'text', comment: 'Town' },
      region: { type: 'text', comment: 'State, county or region' },
      postcode: { type: 'text', comment: 'Postcode' },
      country: { type: 'text', comment: 'Country' },
      tax_id: { type: 'text', comment: 'Tax id' },
      other_refs: {
        type: 'text',
        comment: 'Ids this party has in other systems, as source:account_ref, several separated by blanks',
      },
      parent_ref: {
        type: 'text',
        comment:
          'Account of the group that this one belongs to: source:account_ref, or its account_ref in the same source',
      },
      industry: { type: 'text', comment: 'Segment: industry' },
      channel: { type: 'text', comment: 'Segment: sales channel' },
      acquisition_source: { type: 'text', comment: 'Segment: what brought the customer' },
      sales_rep: { type: 'text', comment: 'Segment: sales representative' },
      territory: { type: 'text', comment: 'Segment: territory' },
      is_prospect: { type: 'boolean', comment: 'True for a party that has not bought yet' },
      consent: { type: 'boolean', comment: 'Consent to be contacted' },
      created_at: { type: 'timestamp', comment: 'When the account was opened, UTC' },
      updated_at: { type: 'timestamp', comment: 'When the account was last changed, UTC' },
      deleted_at: { type: 'timestamp', comment: 'When the account was deleted at the source, UTC' },
    },
  },
  purchases: {
    grain: 'one order line, or one order where there are no lines',
    eventTime: 'ordered_at',
    money: 'net_amount',
    columns: {
      purchase_ref: { type: 'text', isRequired: true, comment: 'The order' },
      ...accountRef,
      ordered_at: { type: 'timestamp', isRequired: true, comment: 'When it was ordered, UTC' },
      product_ref: { type: 'text', comment: 'The product' },
      category: { type: 'text', comment: 'Product category' },
      quantity: { type: 'quantity', comment: 'Pieces' },
      gross_amount: { type: 'money', comment: 'Before discounts' },
      discount_amount: { type: 'money', comment: 'Discount, positive' },
      discount_code: { type: 'text', comment: 'Code that gave the discount' },
      net_amount: { type: 'money', isRequired: true, comment: 'After discounts, before returns' },
      cost_amount: { type: 'money', comment: 'Cost of goods' },
      currency: { type: 'text', comment: 'ISO 4217; the reporting currency where none is given' },
      channel: { type: 'text', comment: 'Sales channel' },
      status: { type: 'text', comment: 'Status at the source' },
    },
  },
  payments: {
    grain: 'one payment against one invoice',
    eventTime: 'invoiced_at',
    money: 'amount',
    columns: {
      payment_ref: { type: 'text', isRequired: true, comment: 'The payment' },
      ...accountRef,
      invoice_ref: { type: 'text', comment: 'The invoice' },
      invoiced_at: { type: 'timestamp', comment: 'When it was invoiced, UTC' },
      due_at: { type: 'timestamp', comment: 'When it falls due, UTC' },
      paid_at: { type: 'timestamp', comment: 'When it was paid, UTC; null while open' },
      amount: { type: 'money', isRequired: true, comment: 'Amount' },
      currency: { type: 'text', comment: 'ISO 4217; the reporting currency where none is given' },
      method: { type: 'text', comment: 'Method of payment' },
      status: {
        type: 'text',
        accepted: ['settled', 'open', 'failed', 'charged_back'],
        comment: 'settled, open, failed or charged_back',
      },
    },
  },
  returns: {
    grain: 'one returned line',
    eventTime: 'returned_at',
    money: 'refund_amount',
    columns: {
      return_ref: { type: 'text', isRequired: true, comment: 'The return' },
      ...accountRef,
      purchase_ref: { type: 'text', comment: 'The order it came from' },
      returned_at: { type: 'timestamp', isRequired: true, comment: 'When it came back, UTC' },
      quantity: { type: 'quantity', comment: 'Pieces' },
      refund_amount: { type: 'money', isRequired: true, comment: 'Money given back, positive' },
      handling_cost: { type: 'money', comment: 'Cost of handling this return' },
      currency: { type: 'text', comment: 'ISO 4217; the reporting currency where none is given' },
      reason: { type: 'text', comment: 'Reason given' },
    },
  },
  tickets: {
    grain: 'one support contact',
    eventTime: 'opened_at',
    money: 'cost_amount',
    columns: {
      ticket_ref: { type: 'text', isRequired: true, comment: 'The ticket' },
      ...accountRef,
      opened_at: { type: 'timestamp', isRequired: true, comment: 'When it was opened, UTC' },
      closed_at: { type: 'timestamp', comment: 'When it was closed, UTC' },
      channel: {
        type: 'text',
        accepted: ['phone', 'email', 'chat', 'self_service', 'field'],
        comment: 'phone, email, chat, self_service or field',
      },
      category: {
        type: 'text',
        accepted: ['inquiry', 'complaint', 'technical', 'billing'],
        comment: 'inquiry, complaint, technical or billing',
      },
      handling_minutes: { type: 'quantity', comment: 'Minutes of work' },
      cost_amount: { type: 'money', comment: 'Cost of this contact; wins over the rate' },
      currency: { type: 'text', comment: 'ISO 4217; the reporting currency where none is given' },
      satisfaction: { type: 'integer', comment: 'Satisfaction, 1 to 5' },
    },
  },
  campaign_responses: {
    grain: 'one event of one campaign for one account',
    eventTime: 'occurred_at',
    money: 'cost_amount',
    columns: {
      ...accountRef,
      campaign: { type: 'text', isRequired: true, comment: 'The campaign' },
      occurred_at: { type: 'timestamp', isRequired: true, comment: 'When it happened, UTC' },
      event: {
        type: 'text',
        accepted: ['sent', 'opened', 'clicked', 'responded', 'converted', 'unsubscribed'],
        comment: 'sent, opened, clicked, responded, converted or unsubscribed',
      },
      channel: { type: 'text', comment: 'Channel' },
      offer: { type: 'text', comment: 'Offer' },
      cost_amount: { type: 'money', comment: 'Cost of this contact; wins over the rate' },
      currency: { type: 'text', comment: 'ISO 4217; the reporting currency where none is given' },
    },
  },
  surveys: {
    grain: 'one answer',
    eventTime: 'occurred_at',
    columns: {
      ...accountRef,
      occurred_at: { type: 'timestamp', isRequired: true, comment: 'When it was answered, UTC' },
      kind: {
        type: 'text',
        accepted: ['satisfaction', 'nps', 'brand'],
        comment: 'satisfaction, nps or brand',
      },
      score: { type: 'rate', comment: 'Score given' },
      scale: { type: 'rate', comment: 'Highest score possible' },
    },
  },
  visits: {
    grain: 'one web session',
    eventTime: 'occurred_at',
    columns: {
      ...accountRef,
      occurred_at: { type: 'timestamp', isRequired: true, comment: 'When it began, UTC' },
      seconds: { type: 'quantity', comment: 'Length in seconds' },
      pages: { type: 'integer', comment: 'Pages seen' },
    },
  },
  social: {
    grain: 'one like, comment or share',
    eventTime: 'occurred_at',
    columns: {
      ...accountRef,
      occurred_at: { type: 'timestamp', isRequired: true, comment: 'When it happened, UTC' },
      kind: { type: 'text', accepted: ['like', 'comment', 'share'], comment: 'like, comment or share' },
    },
  },
  referrals: {
    grain: 'one account brought by another',
    eventTime: 'occurred_at',
    columns: {
      referrer_ref: { type: 'text', isRequired: true, comment: 'The account that brought the other' },
      referred_ref: { type: 'text', isRequired: true, comment: 'The account that was brought' },
      occurred_at: { type: 'timestamp', comment: 'When it happened, UTC' },
    },
  },
  preferences: {
    grain: 'one stated preference',
    eventTime: 'occurred_at',
    columns: {
      ...accountRef,
      name: { type: 'text', isRequired: true, comment: 'The preference' },
      value: { type: 'text', comment: 'Its value' },
      occurred_at: { type: 'timestamp', comment: 'When it was stated, UTC' },
    },
  },
} as const satisfies Record<string, Entity>;

export type EntityName = keyof typeof entities;

export const entityNames = Object.keys(entities) as EntityName[];

/** The entity's contract under its general type, for code that handles any entity. */
export function entity(name: EntityName): Entity {
  return entities[name];
}
