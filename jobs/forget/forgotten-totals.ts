import { entity, entityNames } from '../../config/entities.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteText } from '../../connectors/engines/quote.ts';
import { hasLocalDate } from '../../transforms/conform/entity-table.ts';

/**
 * Adds to whalecurve.forgotten_totals what the customers brought whose rows are about to go, by month and entity: no
 * person, but what is missing in the totals of earlier months from now on. `at` is ISO 8601, UTC.
 */
export async function keepTotals(engine: Engine, customerIds: readonly string[], at: string): Promise<void> {
  const ids = customerIds.map((_, index) => `$${index + 2}`).join(', ');
  for (const name of entityNames) {
    const { money } = entity(name);
    if (!hasLocalDate(name) || name === 'referrals') continue;
    const sum =
      money === undefined
        ? 'cast(null as decimal(38, 4))'
        : `cast(coalesce(sum(${money}_reporting), 0) as decimal(38, 4))`;
    await engine.run(
      `insert into whalecurve.forgotten_totals (forgotten_at, month, entity, events, money)
       select cast($1 as timestamp), cast(date_trunc('month', local_date) as date), ${quoteText(name)},
         count(*), ${sum}
       from customers.${name}
       where customer_id in (${ids}) and local_date is not null
       group by date_trunc('month', local_date)`,
      [at, ...customerIds],
    );
  }
}
