import { type ContractSettings, contractPeriods } from '../../../config/contract-settings.ts';
import type { LifetimeConfig } from '../../../config/lifetime-settings.ts';
import type { Engine } from '../../../connectors/engines/engine.ts';
import type { Step } from '../../step.ts';
import { retentionRate } from '../lifetime/contracts/shifted-beta-geometric.ts';
import { orderedHorizons } from '../lifetime/tables/lifetime-scores.ts';
import { oneBatch } from '../lifetime/tables/one-batch.ts';
import { forecastRenewals } from './renewal-forecast.ts';

const table = { schema: 'value', table: 'contract_scores' };

/** Columns of each horizon, before its suffix. */
export const renewalColumns = {
  expected: 'Expected renewals',
  discounted: 'Expected renewals, each discounted by the time until it',
  low: 'Fewest of them in the interval',
  high: 'Most of them in the interval',
} as const;

const daysInMonth = 365.25 / 12;

/** What contracts will bring that stand alike: fewer rows than contracts. */
export function contractScoresStep(contracts: ContractSettings, lifetime: LifetimeConfig): Step {
  const horizons = orderedHorizons(lifetime);
  const names = horizons.flatMap(({ suffix }) =>
    Object.keys(renewalColumns).map((name) => `${name}${suffix}`),
  );
  return {
    table,
    needs: ['value.contract_fit', 'value.contract_histories'],
    header: {
      comment: 'What the model says of contracts that have not ended and stand alike',
      grain: 'one number of renewals, and of days until the next',
      key: ['renewals', 'due_in_days'],
      tests: [],
      columns: {
        renewals: 'Renewals so far',
        due_in_days: 'Days until the next invoice is due; 0 where it is late',
        retention_rate: 'Probability of the next renewal, (beta + renewals) / (alpha + beta + renewals)',
        ...Object.fromEntries(
          horizons.flatMap(({ suffix, days }) =>
            Object.entries(renewalColumns).map(([name, comment]) => [
              `${name}${suffix}`,
              `${comment}, ${days} days`,
            ]),
          ),
        ),
      },
    },
    build: async (engine) => {
      const types = {
        renewals: 'integer',
        due_in_days: 'integer',
        retention_rate: 'double precision',
        ...Object.fromEntries(names.map((name) => [name, 'double precision'])),
      };
      return engine.buildFromRows(table, types, oneBatch(await scoresOf(engine, contracts, lifetime)));
    },
  };
}

async function scoresOf(
  engine: Engine,
  { period }: ContractSettings,
  lifetime: LifetimeConfig,
): Promise<number[][]> {
  const [stored] = await engine.query<{ alpha: number | null; beta: number | null }>(
    'select alpha, beta from value.contract_fit',
  );
  if (typeof stored?.alpha !== 'number' || typeof stored.beta !== 'number') return [];
  const fit = { alpha: stored.alpha, beta: stored.beta };
  const cells = await engine.query<{ renewals: string; due_in_days: string }>(
    `select distinct renewals, cast(greatest(days_between(seen_on, due_on), 0) as integer) as due_in_days
     from value.contract_histories
     where is_present = 1 and is_ended = 0
     order by renewals nulls last, due_in_days nulls last`,
  );
  const horizons = orderedHorizons(lifetime);
  return cells.map((cell) => {
    const [renewals, dueInDays] = [Number(cell.renewals), Number(cell.due_in_days)];
    return [
      renewals,
      dueInDays,
      retentionRate(fit, renewals),
      ...horizons.flatMap(({ days }) => {
        const { expected, discounted, low, high } = forecastRenewals(fit, {
          renewals,
          dueInDays,
          horizonDays: days,
          periodDays: contractPeriods[period] * daysInMonth,
          discountRateYear: lifetime.discount_rate_year,
          intervalShare: lifetime.interval_share,
        });
        return [expected, discounted, low, high];
      }),
    ];
  });
}
