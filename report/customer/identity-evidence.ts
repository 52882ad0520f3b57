import type { Row } from '../../connectors/engines/engine.ts';
import { holds, type Warehouse } from '../warehouse.ts';
import { type Link, type LinkTree, linkTree } from './link-tree.ts';

/** Why the accounts of a customer are one customer. Rows are those of the published tables; no other customer's. */
export interface IdentityEvidence {
  /** customer_accounts: account, the rule that joined it, since when. */
  accounts: readonly Row[];
  /** What holds the accounts together, from account_links. */
  tree: LinkTree<AccountLink>;
  /** Links of account_links that the tree does without. */
  furtherLinks: number;
  /** account_cuts: accounts that looked like it and are other customers, and why. */
  keptApart: readonly Row[];
  /** Ids that mean this customer, its own among them, with the reason and since when. */
  ids: readonly Row[];
}

/** Accounts are written `source:account_ref`. */
export interface AccountLink extends Link {
  decision: string;
  rule: string | null;
  levels: string | null;
  probability: number | null;
}

export async function readIdentityEvidence(
  warehouse: Warehouse,
  customerId: string,
): Promise<IdentityEvidence> {
  const rowsOf = async (table: string, sql: string): Promise<Row[]> =>
    holds(warehouse, table) ? warehouse.query(sql, [customerId]) : [];
  const known = warehouse.columns.get('customer_accounts') ?? [];
  const links = (await rowsOf('account_links', linksSql)).map(accountLink);
  const tree = linkTree(links);
  return {
    accounts: await rowsOf(
      'customer_accounts',
      `select ${accountColumns.filter((name) => known.includes(name)).join(', ')} from warehouse.customer_accounts
       where customer_id = $1 order by source nulls last, account_ref nulls last`,
    ),
    tree,
    furtherLinks: links.length - tree.branches.length,
    keptApart: await rowsOf('account_cuts', cutsSql),
    ids: await rowsOf(
      'customer_ids',
      `select customer_id, since, reason from warehouse.customer_ids where present_customer_id = $1
       order by since nulls last, customer_id nulls last`,
    ),
  };
}

const accountColumns = [
  'source',
  'account_ref',
  'rule',
  'probability',
  'is_implied',
  'since',
  'opened_at',
  'first_event_at',
  'last_event_at',
];

/** A pair left to a person to decide holds nothing together. */
const linksSql = `
  select link.source, link.account_ref, link.other_source, link.other_account_ref, link.decision, link.rule,
    link.levels, link.evidence, link.probability
  from warehouse.account_links as link
  join warehouse.customer_accounts as one on one.source = link.source and one.account_ref = link.account_ref
  join warehouse.customer_accounts as other
    on other.source = link.other_source and other.account_ref = link.other_account_ref
  where one.customer_id = $1 and other.customer_id = $1 and link.decision <> 'review'
  order by link.source nulls last, link.account_ref nulls last, link.other_source nulls last,
    link.other_account_ref nulls last`;

const cutsSql = `
  select cut.source, cut.account_ref, cut.other_source, cut.other_account_ref, cut.reason, cut.is_direct, cut.rule,
    cut.evidence
  from warehouse.account_cuts as cut
  join warehouse.customer_accounts as one on one.source = cut.source and one.account_ref = cut.account_ref
  join warehouse.customer_accounts as other
    on other.source = cut.other_source and other.account_ref = cut.other_account_ref
  where one.customer_id = $1 or other.customer_id = $1
  order by cut.evidence desc nulls last, cut.source nulls last, cut.account_ref nulls last,
    cut.other_source nulls last, cut.other_account_ref nulls last
  limit 20`;

function accountLink(row: Row): AccountLink {
  const text = (cell: Row[string] | undefined) => (cell === null || cell === undefined ? null : String(cell));
  const number = (cell: Row[string] | undefined) =>
    cell === null || cell === undefined ? null : Number(cell);
  return {
    one: `${row.source}:${row.account_ref}`,
    other: `${row.other_source}:${row.other_account_ref}`,
    decision: String(row.decision),
    rule: text(row.rule),
    levels: text(row.levels),
    isCertain: row.decision !== 'accepted',
    evidence: number(row.evidence),
    probability: number(row.probability),
  };
}
