import type { Cell, Engine } from '../../../connectors/engines/engine.ts';

/** What is shown of both accounts, for a person to decide by. */
const shownColumns = [
  ...['full_name', 'company_name', 'email', 'phone', 'date_of_birth'],
  ...['street', 'city', 'postcode', 'country', 'tax_id'],
] as const;

/** Columns of undecidedPairs, in the order of the file that a person fills in. */
export const undecidedColumns: readonly string[] = [
  ...['probability', 'evidence_bits', 'net_contribution', 'account', 'other_account', 'levels'],
  ...shownColumns.flatMap((name) => [name, `other_${name}`]),
  ...['customer_id', 'other_customer_id', 'accounts', 'other_accounts'],
];

/**
 * The pairs of the last run that are left to a person, in batches, each a row of cells in the order of `undecidedColumns`: those
 * whose two customers are worth most first (their net contribution together, decimal text in the reporting
 * currency), then the more probable.
 */
export function undecidedPairs(engine: Engine, limit: number | null): AsyncIterable<Cell[][]> {
  const values = shownColumns.flatMap((name) => [
    `cast(one.${name} as text) as ${name}`,
    `cast(other.${name} as text) as other_${name}`,
  ]);
  return engine.read(`with described as (
      select source, account_ref, ${shownColumns.join(', ')},
        row_number() over (partition by source, account_ref order by precedence nulls last) as place
      from customers.described_accounts
    ),
    sizes as (select customer_id, count(*) as accounts from identity.members group by customer_id),
    undecided as (
      select link.source, link.account_ref, link.other_source, link.other_account_ref, link.probability, link.evidence,
        link.levels, one.customer_id, other.customer_id as other_customer_id,
        cast(coalesce(value.net_contribution, 0) + coalesce(other_value.net_contribution, 0) as decimal(18, 4))
          as net_contribution
      from identity.links as link
      inner join identity.members as one on one.account_ref = link.account_ref and one.source = link.source
      inner join identity.members as other
        on other.account_ref = link.other_account_ref and other.source = link.other_source
      left join value.customer_value as value on value.customer_id = one.customer_id
      left join value.customer_value as other_value on other_value.customer_id = other.customer_id
      where link.decision = 'review' and one.customer_id <> other.customer_id
    )
    select pair.probability, pair.evidence as evidence_bits, pair.net_contribution,
      pair.source || ':' || pair.account_ref as account,
      pair.other_source || ':' || pair.other_account_ref as other_account,
      pair.levels, ${values.join(', ')},
      pair.customer_id, pair.other_customer_id, size.accounts, other_size.accounts as other_accounts
    from undecided as pair
    left join described as one
      on one.account_ref = pair.account_ref and one.source = pair.source and one.place = 1
    left join described as other
      on other.account_ref = pair.other_account_ref and other.source = pair.other_source and other.place = 1
    inner join sizes as size on size.customer_id = pair.customer_id
    inner join sizes as other_size on other_size.customer_id = pair.other_customer_id
    order by pair.net_contribution desc nulls last, pair.probability desc nulls last,
      pair.source nulls last, pair.account_ref nulls last, pair.other_source nulls last, pair.other_account_ref nulls last
    ${limit === null ? '' : `limit ${limit}`}`);
}
