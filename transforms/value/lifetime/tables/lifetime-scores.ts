import { horizonDays, type LifetimeConfig, suffixOf } from '../../../../config/lifetime-settings.ts';
import type { Cell } from '../../../../connectors/engines/engine.ts';
import type { Step } from '../../../step.ts';
import { type CellScores, scoreCells } from '../score-cells.ts';
import { lifetimeSettingsOf } from '../settings.ts';
import { cellColumns, readCustomerCells } from './read-histories.ts';
import { readStoredFits } from './stored-fit.ts';

const table = { schema: 'value', table: 'lifetime_scores' };

/** The horizons of the settings in the order of their length, which the discounting goes through. */
export function orderedHorizons({
  horizons,
  end_years: endYears,
}: Pick<LifetimeConfig, 'horizons' | 'end_years'>): { suffix: string; days: number }[] {
  return horizons
    .map((name) => ({ suffix: suffixOf(name), days: horizonDays(name, endYears) }))
    .sort((left, right) => left.days - right.days);
}

const rowsInBatch = 4_096;

/** What the chosen model says of each distinct history: fewer rows than customers, and all of the arithmetic. */
export function lifetimeScores(config: LifetimeConfig): Step {
  const horizons = orderedHorizons(config);
  const scores = horizons.flatMap(({ suffix }) => scoreNames.map((name) => `${name}${suffix}`));
  return {
    table,
    needs: ['value.lifetime_state', 'value.lifetime_histories'],
    header: {
      comment: 'What the chosen model says of each distinct history',
      grain: 'one history of one segment',
      key: ['segment', ...cellColumns],
      tests: [],
      columns: {
        segment: 'Customers who are fitted together: all, or column=value',
        ...Object.fromEntries(cellColumns.map((name) => [name, 'As in value.lifetime_histories'])),
        probability_active: 'Probability that the customer still is one',
        ...Object.fromEntries(
          horizons.flatMap(({ suffix, days }) =>
            scoreNames.map((name) => [`${name}${suffix}`, `${scoreComments[name]}, ${days} days`]),
          ),
        ),
      },
    },
    build: async (engine) => {
      const settings = lifetimeSettingsOf(config);
      const states = await readStoredFits(engine);
      const cells = await readCustomerCells(engine);
      const days = horizons.map((horizon) => horizon.days);
      async function* batches(): AsyncGenerator<Cell[][]> {
        for (const [segment, ofSegment] of cells) {
          const stored = states.get(segment);
          if (stored === undefined) throw new Error(`no fit of segment ${segment}`);
          const found = scoreCells(stored.state, ofSegment, days, settings);
          const keys = [
            ofSegment.repeats,
            ofSegment.lastDays,
            ofSegment.ageDays,
            ofSegment.recentLong,
            ofSegment.recentShort,
          ];
          const columns = [...keys, ...scoreColumns(found)];
          for (let from = 0; from < ofSegment.repeats.length; from += rowsInBatch) {
            const rows = Math.min(rowsInBatch, ofSegment.repeats.length - from);
            yield Array.from({ length: rows }, (_, row) => [
              segment,
              ...columns.map((column) => column[from + row] as number),
            ]);
          }
        }
      }
      const types = {
        segment: 'text',
        ...Object.fromEntries(cellColumns.map((name) => [name, 'integer'])),
        probability_active: 'double precision',
        ...Object.fromEntries(scores.map((name) => [name, 'double precision'])),
      };
      return engine.buildFromRows(table, types, batches());
    },
  };
}

const scoreComments = {
  expected: 'Expected purchases',
  discounted: 'Expected purchases, each discounted by the time until it',
  low: 'Lower end of the interval of their number',
  high: 'Upper end of that interval',
};

const scoreNames = ['expected', 'discounted', 'low', 'high'] as const;

function scoreColumns({ probabilityActive, horizons }: CellScores): Float64Array[] {
  return [
    probabilityActive,
    ...horizons.flatMap(({ expectedPurchases, discountedPurchases, low, high }) => [
      expectedPurchases,
      discountedPurchases,
      low,
      high,
    ]),
  ];
}
