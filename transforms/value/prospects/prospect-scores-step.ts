import { z } from 'zod';
import type { Engine } from '../../../connectors/engines/engine.ts';
import type { Step } from '../../step.ts';
import { oneBatch } from '../lifetime/tables/one-batch.ts';
import { probabilitiesOf } from './logistic-regression.ts';
import { featureColumns } from './prospect-data.ts';

const table = { schema: 'value', table: 'prospect_scores' };

/** How likely prospects of each kind are to buy: fewer rows than prospects, and the exponentials once for both engines. */
export const prospectScoresStep: Step = {
  table,
  needs: ['value.prospect_features', 'value.prospect_fit'],
  header: {
    comment: 'How likely prospects of each kind of the as-of date are to buy',
    grain: 'one combination of what is known of a prospect',
    key: [...featureColumns],
    tests: [],
    columns: {
      ...Object.fromEntries(featureColumns.map((name) => [name, 'As in value.prospect_features'])),
      probability_to_buy: 'Probability of a first purchase within the horizon',
    },
  },
  build: async (engine) => {
    const types = {
      ...Object.fromEntries(featureColumns.map((name) => [name, 'integer'])),
      probability_to_buy: 'double precision',
    };
    return engine.buildFromRows(table, types, oneBatch(await scoresOf(engine)));
  },
};

const storedCoefficients = z.array(z.number()).nullable();

async function scoresOf(engine: Engine): Promise<number[][]> {
  const [fit] = await engine.query<{ coefficients: string }>('select coefficients from value.prospect_fit');
  const coefficients = storedCoefficients.parse(JSON.parse(fit?.coefficients ?? 'null'));
  if (coefficients === null) return [];
  const kinds: number[][] = [];
  // Without known_level nobody of the past is like them.
  for await (const batch of engine.read(
    `select distinct ${featureColumns.join(', ')} from value.prospect_features
     where horizons_ago = 0 and known_level is not null
     order by ${featureColumns.map((name) => `${name} nulls last`).join(', ')}`,
  )) {
    for (const cells of batch) kinds.push(cells.map(Number));
  }
  const probabilities = probabilitiesOf(Float64Array.from(coefficients), {
    features: featureColumns.map((_, index) => Float64Array.from(kinds, (kind) => kind[index] as number)),
    prospects: new Float64Array(kinds.length),
  });
  return kinds.map((kind, row) => [...kind, probabilities[row] as number]);
}
