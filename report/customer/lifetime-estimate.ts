import type { Cell, Row } from '../../connectors/engines/engine.ts';

/** What is expected of a customer. Money is exact decimal text in the reporting currency. */
export interface LifetimeEstimate {
  /** The model that was used for this customer, and why; null where there is no estimate at all. */
  model: string | null;
  reason: string | null;
  probabilityActive: number | null;
  horizons: readonly HorizonEstimate[];
}

export interface HorizonEstimate {
  /** `12m`, `364d`, or `end` of the relationship. */
  horizon: string;
  expectedPurchases: number | null;
  lifetimeValue: string | null;
  /** The narrowest interval that covers it with the probability of value.lifetime.interval_share. */
  low: string | null;
  high: string | null;
}

/** From the customer's row of `customer_value`, whose columns follow the horizons of the settings. */
export function lifetimeEstimate(row: Row): LifetimeEstimate {
  const suffixes = Object.keys(row).flatMap((name) => {
    const found = /^lifetime_value((?:_\d+[a-z])?)$/.exec(name);
    return found === null ? [] : [found[1] ?? ''];
  });
  return {
    model: text(row.lifetime_model),
    reason: text(row.lifetime_reason),
    probabilityActive: number(row.probability_active),
    horizons: suffixes
      .map((suffix) => ({
        horizon: suffix === '' ? 'end' : suffix.slice(1),
        expectedPurchases: number(row[`expected_purchases${suffix}`]),
        lifetimeValue: text(row[`lifetime_value${suffix}`]),
        low: text(row[`lifetime_value${suffix}_low`]),
        high: text(row[`lifetime_value${suffix}_high`]),
      }))
      .sort((one, other) => days(one.horizon) - days(other.horizon)),
  };
}

/** `12m` → `12 months` */
export function horizonWords(horizon: string): string {
  const [, count = '', unit = ''] = /^(\d+)([dwmy])$/.exec(horizon) ?? [];
  const words: Record<string, string> = { d: 'days', w: 'weeks', m: 'months', y: 'years' };
  return words[unit] === undefined ? 'to the end' : `${count} ${words[unit]}`;
}

function days(horizon: string): number {
  const [, count, unit = ''] = /^(\d+)([dwmy])$/.exec(horizon) ?? [];
  const lengths: Record<string, number> = { d: 1, w: 7, m: 30.4, y: 365.25 };
  return count === undefined ? Number.POSITIVE_INFINITY : Number(count) * (lengths[unit] ?? 1);
}

function text(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}

function number(cell: Cell | undefined): number | null {
  return cell === null || cell === undefined ? null : Number(cell);
}
