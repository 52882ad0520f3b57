import type { Engine } from '../../connectors/engines/engine.ts';

export interface CustomerDiff {
  before: number;
  after: number;
  /** Customers that were several before. */
  merges: number;
  /** Customers of before that would be several. */
  splits: number;
  /** Accounts that would belong to a customer of another id. */
  movedAccounts: number;
  /** Some of them, those of the most accounts first. */
  examples: readonly IdentityExample[];
}

export interface IdentityExample {
  kind: 'merge' | 'split';
  /** The one customer: of the candidate for a merge, of before for a split. */
  customer: string;
  /** The customers that it was, or would be, with their accounts as source:account_ref. */
  parts: readonly { customer: string; accounts: readonly string[] }[];
}

const examplesOfAKind = 5;

/** Who would be one customer, and who several, beside the members that were kept. */
export async function diffCustomers(engine: Engine): Promise<CustomerDiff> {
  const [counted] = await engine.query(
    `select (select count(distinct customer_id) from before.members) as customers_before,
       (select count(distinct customer_id) from identity.members) as customers_after,
       (select count(*) from before.members as past
        inner join identity.members as now on now.account_ref = past.account_ref and now.source = past.source
        where now.customer_id <> past.customer_id) as moved`,
  );
  const merges = await groups(engine, 'merge');
  const splits = await groups(engine, 'split');
  return {
    before: Number(counted?.customers_before),
    after: Number(counted?.customers_after),
    merges: merges.count,
    splits: splits.count,
    movedAccounts: Number(counted?.moved),
    examples: [...merges.examples, ...splits.examples],
  };
}

async function groups(
  engine: Engine,
  kind: IdentityExample['kind'],
): Promise<{ count: number; examples: IdentityExample[] }> {
  const [one, part] = kind === 'merge' ? ['now', 'past'] : ['past', 'now'];
  const joined = `select past.source, past.account_ref, ${one}.customer_id as customer, ${part}.customer_id as part
    from before.members as past
    inner join identity.members as now on now.account_ref = past.account_ref and now.source = past.source`;
  const several = `select customer, count(*) as accounts from (${joined}) as joined
    group by customer having count(distinct part) > 1`;
  const [counted] = await engine.query(`select count(*) as customers from (${several}) as several`);
  const accounts = await engine.query(
    `select joined.customer, joined.part, joined.source, joined.account_ref
     from (${joined}) as joined
     inner join (
       select customer, accounts from (${several}) as several
       order by accounts desc nulls last, customer nulls last limit ${examplesOfAKind}
     ) as chosen on chosen.customer = joined.customer
     order by chosen.accounts desc nulls last, joined.customer nulls last, joined.part nulls last,
       joined.source nulls last, joined.account_ref nulls last`,
  );
  const examples = new Map<string, Map<string, string[]>>();
  for (const { customer, part: of, source, account_ref: reference } of accounts) {
    const parts = examples.get(String(customer)) ?? new Map<string, string[]>();
    parts.set(String(of), [...(parts.get(String(of)) ?? []), `${source}:${reference}`]);
    examples.set(String(customer), parts);
  }
  return {
    count: Number(counted?.customers),
    examples: [...examples].map(([customer, parts]) => ({
      kind,
      customer,
      parts: [...parts].map(([id, refs]) => ({ customer: id, accounts: refs })),
    })),
  };
}
