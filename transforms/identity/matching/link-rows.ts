import type { Cut } from '../pairwise/choose-cut.ts';
import type { Resolution } from '../pairwise/resolve.ts';
import type { Comparison } from '../pairwise/settings.ts';
import { evidenceColumns, type Judge, rounded } from './pair-evidence.ts';

export interface LinkRowsOptions {
  found: Resolution;
  /** All comparisons of the settings: those that these data lack have a column too. */
  comparisons: readonly Comparison[];
  /** Evidence in bits from which on a pair that is not accepted is left to a person. */
  reviewBits: number;
}

/**
 * SELECT on the scratch of the evidence on pairs of a table like scored whose accounts are in the table accounts: l, r,
 * weight, levels, prior_bits, the shares, relatives_bits.
 */
export function evidenceRows(found: Judge, scored: string): string {
  return `select scored.l, scored.r, scored.weight, ${evidenceColumns(found).join(',\n      ')}
    from ${scored} as scored
    inner join accounts as l on l.node = scored.l
    inner join accounts as r on r.node = scored.r`;
}

/** Condition on a pair of scored: its evidence is kept although no rule or person speaks of it. */
export function isWorthKeeping({ cut }: { cut: Pick<Cut, 'bits'> }, reviewBits: number): string {
  return `weight > least(0, ${reviewBits}::double - ${cut.bits}::double)`;
}

/** Pairs that a rule or a person speaks of: SELECT of l, r. */
export const spokenPairs = 'select l, r from certain union select l, r from must_links';

/**
 * SELECT on the scratch of the rows of identity.links, over evidence (evidenceRows), certain, must_links, cannot_links,
 * clusters and compared_accounts.
 */
export function linkRows({ found, comparisons, reviewBits }: LinkRowsOptions): string {
  const cut = `${found.cut.bits}::double`;
  const shares = comparisons.map(({ name }) =>
    found.comparisons.some((known) => known.name === name)
      ? `decided.${name}_bits`
      : `cast(0 as decimal(12, 3)) as ${name}_bits`,
  );
  return `with surest as (
      select l, r, arg_min(rule, place) as rule from certain group by l, r
    ),
    candidates as (
      select evidence.*, surest.rule, must_links.l is not null as is_decided, one.cluster = other.cluster as is_joined
      from evidence
      inner join clusters as one on one.node = evidence.l
      inner join clusters as other on other.node = evidence.r
      left join surest on surest.l = evidence.l and surest.r = evidence.r
      left join must_links on must_links.l = evidence.l and must_links.r = evidence.r
    ),
    decided as (
      select candidates.*,
        case
          when is_joined and is_decided then 'must_link'
          when is_joined and rule is not null then 'certain'
          when is_joined and weight > 0 then 'accepted'
          when not is_joined and weight <= 0 and rule is null and not is_decided
            and weight + ${cut} > ${reviewBits}::double then 'review'
        end as decision
      from candidates
      anti join cannot_links on cannot_links.l = candidates.l and cannot_links.r = candidates.r
    )
    select one.account_number, other.account_number as other_account_number, one.source, one.account_ref,
      other.source as other_source, other.account_ref as other_account_ref, decided.decision, decided.rule, decided.levels,
      ${rounded(`decided.weight + ${cut}`)} as evidence, ${rounded('decided.weight')} as above_cut,
      cast(round(1 / (1 + pow(2, -(decided.weight + ${cut}))), 6) as decimal(9, 6)) as probability,
      decided.prior_bits, decided.relatives_bits, ${shares.join(', ')}
    from decided
    inner join compared_accounts as one on one.account_number = decided.l + 1
    inner join compared_accounts as other on other.account_number = decided.r + 1
    where decided.decision is not null`;
}

/** SELECT on the scratch: pairs that were to be joined and are not (l, r), with their evidence and rule. */
export function cutPairs({ cut }: Resolution): string {
  return `with surest as (
      select l, r, arg_min(rule, place) as rule from certain group by l, r
    ),
    -- Materialized: else the planner may first join the clusters by what is not equal (19 s for 22,000 accounts).
    wanted as materialized (
      select scored.l, scored.r, scored.weight, surest.rule
      from scored
      left join surest on surest.l = scored.l and surest.r = scored.r
      left join must_links on must_links.l = scored.l and must_links.r = scored.r
      where scored.weight > 0 or surest.l is not null or must_links.l is not null
    )
    select wanted.l, wanted.r, wanted.rule, ${rounded(`wanted.weight + ${cut.bits}::double`)} as evidence
    from wanted
    inner join clusters as one on one.node = wanted.l
    inner join clusters as other on other.node = wanted.r
    where one.cluster <> other.cluster`;
}

/** SELECT on the scratch of the rows of identity.cuts, over cut_pairs and cut_reasons (l, r, reason, is_direct). */
export const cutRows = `select one.source, one.account_ref, other.source as other_source, other.account_ref as other_account_ref,
    reasons.reason, reasons.is_direct, pairs.rule, pairs.evidence
  from cut_pairs as pairs
  inner join cut_reasons as reasons on reasons.l = pairs.l and reasons.r = pairs.r
  inner join compared_accounts as one on one.account_number = pairs.l + 1
  inner join compared_accounts as other on other.account_number = pairs.r + 1`;
