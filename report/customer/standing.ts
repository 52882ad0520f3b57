import type { Row } from '../../connectors/engines/engine.ts';
import { holds, type Warehouse } from '../warehouse.ts';

/** Where the customer stands among the others, each with the reason in words. */
export interface Standing {
  score: string | null;
  rank: number;
  /** Customers that are ranked. */
  customers: number;
  tier: Judgement;
  valueBand: Judgement;
  valueGroup: Judgement;
}

export interface Judgement {
  value: string | null;
  why: string;
}

/** @param row the customer's row of `customer_value` */
export async function readStanding(warehouse: Warehouse, row: Row): Promise<Standing> {
  const [counted] = await warehouse.query('select count(*) as customers from warehouse.customer_value');
  const customers = Number(counted?.customers ?? 0);
  const rank = Number(row.rank);
  const score = textOf(row.score);
  const rules = await readTierRules(warehouse);
  return {
    score,
    rank,
    customers,
    tier: {
      value: textOf(row.tier),
      why: tierReason(rules, { score, rank, customers, netContribution: String(row.net_contribution) }),
    },
    valueBand: { value: textOf(row.value_band), why: bandReason(rules, row) },
    valueGroup: { value: textOf(row.value_group), why: groupReason(row) },
  };
}

/** What the night was cut by: the config may have changed since. Empty where the night has not kept it. */
async function readTierRules(warehouse: Warehouse): Promise<Row[]> {
  return holds(warehouse, 'tier_rules')
    ? warehouse.query('select * from warehouse.tier_rules order by position nulls last')
    : [];
}

interface TierInputs {
  score: string | null;
  rank: number;
  customers: number;
  netContribution: string;
}

/** As value.tiers decides (transforms/value/standings.sql). */
function tierReason(rules: readonly Row[], standing: TierInputs): string {
  const basis = rules[0]?.basis;
  if (!isBasis(basis)) return tierInput.rank_share(standing);
  const cutOf = (rule: Row) =>
    basis === 'score'
      ? rule.above !== null && `${rule.tier} from ${Number(rule.above)}`
      : rule.up_to !== null && `${rule.tier} to ${percent(rule.up_to)}`;
  const cuts = rules.map(cutOf).filter((cut) => cut !== false);
  return `${tierInput[basis](standing)}; value.tiers goes by ${basis}: ${cuts.join(', ')}`;
}

const tierInput = {
  score: ({ score }: TierInputs) => (score === null ? 'no score' : `score ${Number(score).toFixed(2)}`),
  rank_share: ({ rank, customers }: TierInputs) =>
    `rank ${rank} of ${customers}, among the best ${percent(rank / Math.max(1, customers))}`,
  cumulative_value: ({ netContribution }: TierInputs) =>
    `net contribution ${netContribution}, placed by the share of all profit that more profitable customers bring`,
};

function isBasis(cell: Row[string] | undefined): cell is keyof typeof tierInput {
  return typeof cell === 'string' && Object.hasOwn(tierInput, cell);
}

function bandReason([rule]: readonly Row[], row: Row): string {
  const found = `net contribution ${row.net_contribution} of net revenue ${row.net_revenue}`;
  if (rule === undefined) return found;
  return (
    `${found}; neutral is within ± ${Number(rule.neutral_amount)} ` +
    `or ± ${percent(rule.neutral_share)} of the net revenue, whichever is larger`
  );
}

function groupReason(row: Row): string {
  const future =
    row.lifetime_value === null || row.lifetime_value === undefined
      ? 'no estimate of the lifetime value'
      : `lifetime value ${row.lifetime_value}`;
  return `tier ${row.tier ?? 'none'}, net contribution ${row.net_contribution}, ${future}`;
}

function percent(share: Row[string] | undefined): string {
  return `${Number((Number(share) * 100).toFixed(1))} %`;
}

function textOf(cell: Row[string] | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}
