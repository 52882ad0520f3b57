import { horizonDays, suffixOf } from '../../config/lifetime-settings.ts';
import type { ValueSettings } from '../../config/value-settings.ts';
import type { Step } from '../step.ts';

/**
 * The step `value.future`: lifetime value and expected purchases of the longest horizon of the settings, under names
 * that do not depend on them. The models that decide by lifetime value read these.
 */
export function futureStep({ lifetime }: ValueSettings): Step {
  const days = (name: string) => horizonDays(name, lifetime.end_years);
  const [longest = 'end'] = [...lifetime.horizons].sort((one, other) => days(other) - days(one));
  const suffix = suffixOf(longest);
  const table = { schema: 'value', table: 'future' };
  return {
    table,
    needs: ['value.lifetime'],
    header: {
      comment: `What is still to come from each customer within the longest horizon of value.lifetime.horizons: ${longest}`,
      grain: 'one customer',
      key: ['customer_id'],
      tests: [],
      columns: {
        customer_id: 'The customer',
        lifetime_value: 'Lifetime value, reporting currency; null without an estimate',
        expected_purchases: 'Purchases still expected; null without an estimate',
      },
    },
    build: (engine) =>
      engine.buildTable(
        table,
        `select customer_id, lifetime_value${suffix} as lifetime_value, expected_purchases${suffix} as expected_purchases
         from value.lifetime`,
      ),
  };
}
