import { WhalecurveError } from '../../config/error.ts';
import type { Row } from '../../connectors/engines/engine.ts';
import type { Warehouse } from '../warehouse.ts';

export interface FoundCustomer {
  customerId: string;
  askedFor: string;
  /** Where the word was an id of earlier days: what became of it, and when. */
  became: { reason: string; since: string } | null;
}

/**
 * The customer that a word means: a customer id, present or former, `source:account_ref`, an e-mail, or an
 * account_ref that stands for one customer only. The first of these that fits is taken.
 *
 * @param accountsOfEmail asked last: accounts, as `source:account_ref`, that have an e-mail which is not their customer's
 * @throws WC-USAGE-003 where there is none, WC-USAGE-004 where several fit
 */
export async function findCustomer(
  warehouse: Warehouse,
  word: string,
  accountsOfEmail: (email: string) => Promise<readonly string[]>,
): Promise<FoundCustomer> {
  const [id] = await warehouse.query(
    'select customer_id, present_customer_id, since, reason from warehouse.customer_ids where customer_id = $1',
    [word],
  );
  if (id !== undefined) return fromId(id);
  const account = await accountsOf(warehouse, byName, word);
  if (account.length > 0) return onlyOne(word, account);
  const others = [
    ...(await customersOf(warehouse, word)),
    ...(await accountsOf(warehouse, 'account_ref = $1', word)),
  ];
  if (others.length > 0) return onlyOne(word, others);
  const ofEmail = await Promise.all(
    (await accountsOfEmail(word)).map((name) => accountsOf(warehouse, byName, name)),
  );
  if (ofEmail.flat().length > 0) return onlyOne(word, ofEmail.flat());
  throw new WhalecurveError('WC-USAGE-003', `there is no customer ${word}`, {
    hint: 'give a customer id, an e-mail, or an account as source:account_ref; `whalecurve query` finds one by name in warehouse.customers',
  });
}

function fromId(row: Row): FoundCustomer {
  const askedFor = String(row.customer_id);
  const [reason, since] = [String(row.reason), String(row.since)];
  if (row.present_customer_id === null) {
    throw new WhalecurveError('WC-USAGE-003', `customer ${askedFor} is gone since ${since}`, {
      hint: 'none of its accounts is left in the sources',
    });
  }
  const customerId = String(row.present_customer_id);
  return { customerId, askedFor, became: customerId === askedFor ? null : { reason, since } };
}

const byName = "concat(source, ':', account_ref) = $1";

interface Match {
  customerId: string;
  /** What would have meant this one alone. */
  word: string;
}

async function accountsOf({ query }: Warehouse, condition: string, word: string): Promise<Match[]> {
  const rows = await query(
    `select customer_id, source, account_ref from warehouse.customer_accounts where ${condition}
     order by source nulls last, account_ref nulls last`,
    [word],
  );
  return rows.map(({ customer_id, source, account_ref }) => ({
    customerId: String(customer_id),
    word: `${source}:${account_ref}`,
  }));
}

async function customersOf({ query }: Warehouse, email: string): Promise<Match[]> {
  const rows = await query(
    'select customer_id from warehouse.customers where lower(email) = lower($1) order by customer_id nulls last',
    [email],
  );
  return rows.map(({ customer_id }) => ({ customerId: String(customer_id), word: String(customer_id) }));
}

const shownMatches = 20;

function onlyOne(askedFor: string, matches: readonly Match[]): FoundCustomer {
  const byCustomer = new Map(matches.map((match) => [match.customerId, match.word]));
  const [customerId, ...others] = byCustomer.keys();
  if (customerId !== undefined && others.length === 0) return { customerId, askedFor, became: null };
  const words = [...byCustomer.values()];
  const more = words.length > shownMatches ? `, and ${words.length - shownMatches} more` : '';
  throw new WhalecurveError('WC-USAGE-004', `${askedFor} may mean ${words.length} customers`, {
    hint: `choose one: ${words.slice(0, shownMatches).join(', ')}${more}`,
  });
}
