import type { ValueSettings } from '../../config/value-settings.ts';
import type { Row } from '../../connectors/engines/engine.ts';
import type { Warehouse } from '../warehouse.ts';

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
export async function readStanding(
  { query }: Warehouse,
  row: Row,
  settings: ValueSettings,
): Promise<Standing> {
  const [counted] = await query('select count(*) as customers from warehouse.customer_value');
  const customers = Number(counted?.customers ?? 0);
  const rank = Number(row.rank);
  return {
    score: textOf(row.score),
    rank,
    customers,
    tier: {
      value: textOf(row.tier),
      why: tierReason(settings, {
        score: textOf(row.score),
        rank,
        customers,
        netContribution: String(row.net_contribution),
      }),
    },
    valueBand: { value: textOf(row.value_band), why: bandReason(settings, row) },
    valueGroup: { value: textOf(row.value_group), why: groupReason(row) },
  };
}

/** As value.tiers decides (transforms/value/standings.sql). */
function tierReason(settings: ValueSettings, standing: TierInputs): string {
  const { by, cuts } = settings.tiers;
  const written = Object.entries(cuts)
    .map(([tier, cut]) => (by === 'score' ? `${tier} from ${cut}` : `${tier} to ${percent(Number(cut))}`))
    .join(', ');
  return `${tierInput[by](standing)}; value.tiers goes by ${by}: ${written}`;
}

interface TierInputs {
  score: string | null;
  rank: number;
  customers: number;
  netContribution: string;
}

const tierInput: Record<ValueSettings['tiers']['by'], (standing: TierInputs) => string> = {
  score: ({ score }) => (score === null ? 'no score' : `score ${Number(score).toFixed(2)}`),
  rank_share: ({ rank, customers }) =>
    `rank ${rank} of ${customers}, among the best ${percent(rank / Math.max(1, customers))}`,
  cumulative_value: ({ netContribution }) =>
    `net contribution ${netContribution}, placed by the share of all profit that more profitable customers bring`,
};

function bandReason({ neutral_amount, neutral_share }: ValueSettings, row: Row): string {
  return (
    `net contribution ${row.net_contribution} of net revenue ${row.net_revenue}; neutral is within ± ${neutral_amount} ` +
    `or ± ${percent(neutral_share)} of the net revenue, whichever is larger`
  );
}

function groupReason(row: Row): string {
  const future =
    row.lifetime_value === null || row.lifetime_value === undefined
      ? 'no estimate of the lifetime value'
      : `lifetime value ${row.lifetime_value}`;
  return `tier ${row.tier ?? 'none'}, net contribution ${row.net_contribution}, ${future}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function textOf(cell: Row[string] | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}
