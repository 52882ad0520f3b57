import { type EntityName, entity } from '../config/entities.ts';
import type { DiscoveredTable } from '../connectors/sources/source.ts';

export interface GuessedMap {
  /** entity column: expression over the raw columns. */
  map: Record<string, string>;
  /** Required columns of the entity for which nothing was found. */
  missing: string[];
  /** Columns of the table that the map does not use. */
  unused: string[];
}

/** A first `map` for a table, by the names that such columns usually have: a suggestion for people to judge. */
export function guessMap(table: DiscoveredTable, entityName: EntityName): GuessedMap {
  const free = new Map(table.columns.map(({ name }) => [plain(name), name]));
  const map: Record<string, string> = {};
  const take = (target: string, names: readonly string[]) => {
    const found = names.map(plain).find((name) => free.has(name));
    const column = found === undefined ? undefined : free.get(found);
    if (found === undefined || column === undefined) return;
    free.delete(found);
    map[target] = expression(column, entity(entityName).columns[target]?.type === 'money');
  };
  const columns = Object.keys(entity(entityName).columns);
  for (const target of columns) take(target, [target]);
  for (const target of columns) if (!(target in map)) take(target, usualNames(target, entityName, table));
  if (entityName === 'purchases' && !('net_amount' in map) && map.quantity !== undefined) {
    const price = ['unit_price', 'price', 'price_per_unit', 'sales_price']
      .map(plain)
      .find((name) => free.has(name));
    const column = price === undefined ? undefined : free.get(price);
    if (price !== undefined && column !== undefined) {
      free.delete(price);
      map.net_amount = `${map.quantity} * ${expression(column, false)}`;
    }
  }
  const missing = columns.filter((name) => entity(entityName).columns[name]?.isRequired && !(name in map));
  return {
    map: Object.fromEntries(columns.flatMap((name) => (map[name] === undefined ? [] : [[name, map[name]]]))),
    missing,
    unused: [...free.values()],
  };
}

function usualNames(target: string, entityName: EntityName, { key }: DiscoveredTable): string[] {
  const names = commonNames[target] ?? [];
  const ownKey = entityName === 'accounts' && target === 'account_ref' && key.length === 1 ? key : [];
  const ownRef = target === `${singular[entityName]}_ref` ? key.slice(0, 1) : [];
  const asMoney =
    entity(entityName).columns[target]?.type === 'money'
      ? [target, ...names].flatMap((name) => [`${name}_cents`, name])
      : names;
  return [...ownKey, ...asMoney, ...ownRef];
}

const singular: Partial<Record<EntityName, string>> = {
  purchases: 'purchase',
  payments: 'payment',
  returns: 'return',
  tickets: 'ticket',
};

const commonNames: Record<string, string[]> = {
  account_ref: [
    ...['customer_no', 'customer_id', 'customer_number', 'customer', 'cust_id', 'cust_no', 'account_id'],
    ...['account_no', 'account', 'client_id', 'client_no', 'contact_id', 'contact', 'member_id', 'user_id'],
    ...['household_key', 'party_id', 'lead_id', 'subscriber_id'],
  ],
  full_name: ['display_name', 'customer_name', 'contact_name', 'name'],
  given_name: ['first_name', 'forename', 'firstname'],
  family_name: ['last_name', 'surname', 'lastname'],
  company_name: ['company', 'organisation', 'organization', 'firm'],
  email: ['email_address', 'e_mail', 'mail', 'billing_email', 'contact_email'],
  phone: ['phone_number', 'telephone', 'tel', 'mobile', 'mobile_phone', 'contact_phone'],
  date_of_birth: ['dob', 'birth_date', 'birthdate', 'birthday', 'born_on'],
  street: ['address', 'address_1', 'address_line_1', 'street_address', 'address1'],
  city: ['town', 'locality'],
  region: ['state', 'county', 'province'],
  postcode: ['post_code', 'zip', 'zip_code', 'postal_code'],
  country: ['country_code'],
  tax_id: ['vat_id', 'vat_number', 'tax_number', 'vat_no'],
  created_at: ['created', 'created_on', 'signup_date', 'registered_at', 'opened_at'],
  updated_at: ['updated', 'modified_at', 'last_modified', 'changed_at'],
  deleted_at: ['deleted', 'deleted_on', 'removed_at'],
  purchase_ref: [
    'order_id',
    'order_no',
    'order_number',
    'invoice_no',
    'basket_id',
    'transaction_id',
    'receipt_no',
  ],
  ordered_at: [
    'order_date',
    'ordered_on',
    'purchase_date',
    'invoice_date',
    'transaction_date',
    'sold_at',
    'date',
  ],
  product_ref: ['product_id', 'sku', 'stock_code', 'item_id', 'article_no', 'product_code', 'product'],
  category: ['product_category', 'department', 'topic', 'type'],
  quantity: ['qty', 'units', 'pieces', 'items'],
  gross_amount: ['gross', 'list_price', 'subtotal'],
  discount_amount: ['discount', 'rebate'],
  discount_code: ['coupon', 'coupon_code', 'promo_code', 'voucher'],
  net_amount: ['net', 'total_amount', 'order_total', 'total', 'amount', 'sales_value', 'line_total'],
  cost_amount: ['cost', 'cost_of_goods', 'unit_cost'],
  currency: ['currency_code'],
  payment_ref: ['payment_id', 'payment_no', 'transaction_id'],
  invoice_ref: ['invoice_id', 'invoice_no', 'invoice_number'],
  invoiced_at: ['invoice_date', 'invoiced_on', 'billed_at'],
  due_at: ['due_date', 'due_on', 'due'],
  paid_at: ['payment_date', 'paid_on', 'paid_date', 'settled_at'],
  amount: ['payment_amount', 'total', 'total_amount', 'net_amount'],
  method: ['payment_method', 'paid_by'],
  return_ref: ['return_id', 'return_no', 'rma', 'rma_no'],
  returned_at: ['return_date', 'returned_on', 'date'],
  refund_amount: ['refund', 'refunded', 'amount'],
  reason: ['return_reason'],
  ticket_ref: ['ticket_id', 'ticket_no', 'case_id', 'case_no', 'id'],
  opened_at: ['created_at', 'created', 'open_date', 'opened', 'opened_on', 'received_at'],
  closed_at: ['resolved_at', 'closed', 'closed_on', 'close_date'],
  handling_minutes: ['minutes', 'handling_time', 'duration_minutes'],
  satisfaction: ['csat', 'rating', 'satisfaction_score'],
  campaign: ['campaign_id', 'campaign_name', 'mailing', 'campaign_code'],
  occurred_at: [
    'event_at',
    'event_time',
    'event_date',
    'sent_at',
    'timestamp',
    'date',
    'created_at',
    'happened_at',
  ],
  event: ['event_type', 'action', 'response'],
  score: ['rating', 'answer', 'nps'],
  seconds: ['duration', 'duration_seconds'],
  pages: ['page_count', 'page_views'],
  referrer_ref: ['referrer_id', 'referrer', 'referred_by'],
  referred_ref: ['referred_id', 'referred', 'referee'],
  name: ['preference', 'preference_name'],
  value: ['preference_value'],
};

/** `InvoiceNo`, `invoice_no` and `Invoice No` are one name. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function expression(column: string, isMoney: boolean): string {
  const quoted = /^[A-Za-z_][A-Za-z0-9_]*$/.test(column) ? column : `"${column.replaceAll('"', '""')}"`;
  return isMoney && /cents?$/i.test(column) ? `money(${quoted} * 0.01)` : quoted;
}
