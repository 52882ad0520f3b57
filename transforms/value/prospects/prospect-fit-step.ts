import type { ProspectSettings } from '../../../config/prospect-settings.ts';
import type { Engine } from '../../../connectors/engines/engine.ts';
import type { Step } from '../../step.ts';
import { oneBatch } from '../lifetime/tables/one-batch.ts';
import { readColumns } from '../lifetime/tables/read-columns.ts';
import { fitProspects } from './fit-prospects.ts';
import { featureColumns, type PastProspects, type ProspectData } from './prospect-data.ts';

const table = { schema: 'value', table: 'prospect_fit' };

/** Learns how those who had not bought came to buy. */
export function prospectFitStep(settings: ProspectSettings): Step {
  return {
    table,
    needs: ['value.prospect_features', 'settings.run', 'settings.value'],
    header: {
      comment: 'What is known of how those who had not bought came to buy',
      grain: 'the run',
      key: ['segment'],
      tests: [],
      columns: {
        segment: 'prospects',
        has_forecast: 'True if a probability can be said',
        coefficients: `JSON: log-odds, the intercept and those of ${featureColumns.join(', ')}`,
        reason: 'Where the probabilities come from, or why there are none',
        fits: 'JSON: rows of model_fits',
        backtests: 'JSON: rows of model_backtests',
      },
    },
    build: async (engine) => {
      const { coefficients, reason, fits, backtests } = fitProspects(await readProspects(engine), settings);
      const row = [
        'prospects',
        coefficients !== null,
        JSON.stringify(coefficients),
        reason,
        JSON.stringify(fits),
        JSON.stringify(backtests),
      ];
      const types = {
        segment: 'text',
        has_forecast: 'boolean',
        coefficients: 'text',
        reason: 'text',
        fits: 'text',
        backtests: 'text',
      };
      return engine.buildFromRows(table, types, oneBatch([row]));
    },
  };
}

/** Whole numbers in one order, so that both engines give the same fit to the last bit. */
async function readProspects(engine: Engine): Promise<ProspectData> {
  const [run] = await engine.query<{ days: string; last: string; before: string }>(
    `select settings.prospect_horizon_days as days,
       cast(run.as_of - settings.prospect_horizon_days * interval '1 day' as date) as last,
       cast(run.as_of - 2 * settings.prospect_horizon_days * interval '1 day' as date) as before
     from settings.run as run cross join settings.value as settings`,
  );
  if (run === undefined) throw new Error('settings.run has no row');
  const read = await readColumns(
    engine,
    `select cast(horizons_ago as text), ${featureColumns.join(', ')}, cast(sum(coalesce(is_buyer, 0)) as integer) as buyers,
       cast(count(*) as integer) as prospects
     from value.prospect_features
     group by horizons_ago, ${featureColumns.join(', ')}
     order by ${['horizons_ago', ...featureColumns].map((name) => `${name} nulls last`).join(', ')}`,
  );
  const at = (horizonsAgo: string, seenOn: string): PastProspects => {
    const columns =
      read.get(horizonsAgo) ?? Array.from({ length: featureColumns.length + 2 }, () => new Float64Array());
    const [buyers, prospects] = columns.slice(featureColumns.length) as [Float64Array, Float64Array];
    return { seenOn, features: columns.slice(0, featureColumns.length), buyers, prospects };
  };
  return {
    horizonDays: Number(run.days),
    present: at('0', '').prospects.reduce((sum, prospects) => sum + prospects, 0),
    last: at('1', run.last),
    before: at('2', run.before),
  };
}
