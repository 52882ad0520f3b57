import { horizonDays, type LifetimeConfig } from '../../../../config/lifetime-settings.ts';
import type { Engine } from '../../../../connectors/engines/engine.ts';
import { dropTemporary, tableExists } from '../../../identity/temporary-table.ts';
import type { Step } from '../../../step.ts';
import { fitLifetime, type LifetimeFit, type OtherStates } from '../fit-lifetime.ts';
import type { LifetimeData } from '../lifetime-data.ts';
import { lifetimeSettingsOf } from '../settings.ts';
import { weightedSum } from '../triples.ts';
import { oneBatch } from './one-batch.ts';
import { backtestTables, readHistories } from './read-histories.ts';
import { readSpend } from './read-spend.ts';
import { fitSegmentSpend, type StoredSpend, spendCells, spendColumns } from './spend-columns.ts';
import { readStoredFits, type StoredFit, shortReason, storedFitCells, storedFitTypes } from './stored-fit.ts';

const table = { schema: 'value', table: 'lifetime_state' };

/** Nights in a row that an earlier fit is kept at most: what has changed for a week has changed. */
const keptNightsAtMost = 7;

/** Fits the purchase models of every segment, puts them to the back-test, and keeps what is known of them. */
export function lifetimeState(config: LifetimeConfig): Step {
  return {
    table,
    needs: [
      'value.lifetime_days',
      'value.lifetime_histories',
      'value.contribution',
      'customers.customers',
      'settings.run',
    ],
    header: {
      comment:
        'What was found out about future purchases and their value, for the scores of this night and the guard of the next one',
      grain: 'one group of customers who are fitted together',
      key: ['segment'],
      tests: [],
      columns: {
        segment: 'all, or column=value',
        as_of: 'Last day that was seen',
        settings: 'JSON: the settings of value.lifetime',
        model: 'Model that forecasts',
        reason: 'Why, in short; model_fits says more',
        kept_nights:
          'Nights in a row on which the fit of an earlier night was kept, since this one was too far from it',
        state: 'JSON: parameters, their covariance, and what the back-test taught',
        fits: 'JSON: rows of model_fits',
        backtests: 'JSON: rows of model_backtests',
        ...spendColumns,
      },
    },
    build: async (engine) => {
      const lastNight = (await tableExists(engine, table.schema, table.table))
        ? await readStoredFits(engine)
        : new Map<string, StoredFit>();
      const fits = await fitAll(engine, config, lastNight);
      const spend = fits.length > 0 ? await fitSpends(engine, config) : new Map<string, StoredSpend>();
      await dropTemporary(engine, ...backtestTables);
      const rows = fits.map((fit) => {
        const found = spend.get(fit.segment);
        if (found === undefined) throw new Error(`no spend of segment ${fit.segment}`);
        return [...storedFitCells({ ...fit, fits: [...fit.fits, ...found.fits] }), ...spendCells(found)];
      });
      const types = {
        ...storedFitTypes,
        ...Object.fromEntries(Object.keys(spendColumns).map((name) => [name, 'double precision'])),
      };
      return engine.buildFromRows(table, types, oneBatch(rows));
    },
  };
}

async function fitAll(
  engine: Engine,
  config: LifetimeConfig,
  lastNight: ReadonlyMap<string, StoredFit>,
): Promise<StoredFit[]> {
  const [run] = await engine.query<{ as_of: string; day: string }>(
    `select as_of, days_between(cast('1970-01-01' as date), as_of) as day from settings.run`,
  );
  if (run === undefined) throw new Error('settings.run has no row');
  const numbered = config.horizons.filter((name) => name !== 'end');
  const days = (numbered.length > 0 ? numbered : ['end']).map((name) => horizonDays(name, config.end_years));
  const histories = await readHistories(engine, run.as_of, Number(run.day), Math.max(...days), config);
  if (histories === undefined) return [];

  const settings = JSON.stringify(config);
  const fitOne = (data: LifetimeData, others: OtherStates): StoredFit => {
    const before = lastNight.get(data.segment);
    const isComparable = before?.settings === settings && before.keptNights < keptNightsAtMost;
    const states = isComparable ? { ...others, lastNight: before.state } : others;
    const found = fitLifetime(data, lifetimeSettingsOf(config), states);
    const isKept = isComparable && found.state === before.state;
    return stored(data, found, { asOf: run.as_of, settings, keptNights: isKept ? before.keptNights + 1 : 0 });
  };
  const wholeBase = fitOne(histories.wholeBase, {});
  return [wholeBase, ...histories.segments.map((data) => fitOne(data, { wholeBase: wholeBase.state }))];
}

async function fitSpends(engine: Engine, config: LifetimeConfig): Promise<Map<string, StoredSpend>> {
  const [all, ...segments] = await readSpend(engine);
  const { minimum_customers: fewest } = config;
  const wholeBase = fitSegmentSpend(all, fewest);
  return new Map([
    [all.segment, wholeBase],
    ...segments.map((spend): [string, StoredSpend] => [
      spend.segment,
      fitSegmentSpend(spend, fewest, wholeBase),
    ]),
  ]);
}

function stored(
  { segment, cells }: LifetimeData,
  found: LifetimeFit,
  night: Pick<StoredFit, 'asOf' | 'settings' | 'keptNights'>,
): StoredFit {
  const { state, fits, backtests } = found;
  const isRate = state.forecast === 'rate';
  const ownRate: StoredFit['fits'] = [
    {
      model: 'rate',
      segment,
      parameter: 'repeats_per_day',
      value:
        weightedSum(cells.customers, cells.repeats) /
        Math.max(weightedSum(cells.customers, cells.ageDays), 1),
      standardError: null,
      logLikelihood: null,
      customers: weightedSum(cells.customers),
      chosen: true,
      reason: found.reason,
    },
  ];
  return {
    ...night,
    segment,
    model: isRate ? 'own rate' : state.fit.model.title,
    reason: shortReason(found),
    state,
    fits: isRate ? [...fits, ...ownRate] : fits,
    backtests,
  };
}
