import type { LifetimeConfig } from '../../../../config/lifetime-settings.ts';
import type { Step } from '../../../step.ts';
import { historyColumns, historySelect } from './history-sql.ts';

const table = { schema: 'value', table: 'lifetime_histories' };

/** What the forecast knows of each customer who has purchased, as of the last day of the run. */
export function lifetimeHistories(config: LifetimeConfig): Step {
  return {
    table,
    needs: ['value.lifetime_days', 'customers.customers', 'settings.run'],
    header: {
      comment: 'What the forecast knows of each customer who has purchased',
      grain: 'one customer with a purchase',
      key: ['customer_id'],
      tests: [
        { expression: 'repeats >= 0 and last_days between 0 and age_days', severity: 'error' },
        { expression: 'recent_short between 0 and recent_long', severity: 'error' },
      ],
      columns: { ...historyColumns },
    },
    build: async (engine) => {
      const [run] = await engine.query<{ day: string }>(
        `select days_between(cast('1970-01-01' as date), as_of) as day from settings.run`,
      );
      if (run === undefined) throw new Error('settings.run has no row');
      return engine.buildTable(table, historySelect({ cut: Number(run.day) }, config));
    },
  };
}
