import type { Engine } from '../../connectors/engines/engine.ts';
import { tableExists } from '../identity/temporary-table.ts';
import type { Step } from '../step.ts';
import { removeUnpublished } from '../unpublished-history.ts';

const table = { schema: 'value', table: 'customer_value_history' };

/**
 * What each customer was worth on each day on which that changed. Rows stay for ever: a run adds those of its as-of
 * date, in the place of those that an earlier run of the same date had found, so that the same run twice adds nothing.
 */
export const customerValueHistory: Step = {
  table,
  needs: [
    'value.contribution',
    'value.standings',
    'value.groups',
    'value.future',
    'settings.run',
    'settings.value',
  ],
  header: {
    comment:
      'How the score, the tier and the lifetime value of each customer moved: a row for each as-of date on which one of them is another than at the last. A score counts as another if it differs by value.history.score_points or more, a lifetime value by value.history.lifetime_value_share of the last one kept or more.',
    grain: 'one customer on one day of change',
    key: ['customer_id', 'changed_on'],
    publish: table.table,
    tests: [{ not_null: ['tier', 'net_contribution'], severity: 'error' }],
    columns: {
      customer_id: 'The customer, by the id it had then; customer_ids leads to the present one',
      changed_on: 'As-of date of the run that found it so',
      score: 'Customer performance value score, 0 to 100; null if nothing could be compared',
      tier: 'A+, A, B, C or D',
      value_group: 'keep, grow, fix or let_go',
      net_contribution: 'Net contribution over the whole life up to that day',
      lifetime_value: 'Lifetime value of the longest horizon; null without an estimate',
    },
  },
  build: async (engine) => {
    if (!(await tableExists(engine, table.schema, table.table))) {
      await engine.buildTable(table, `select * from (${todaySelect}) as today where 1 = 0`);
    }
    await removeUnpublished(engine, 'value.customer_value_history');
    await engine.run(`insert into value.customer_value_history ${changesSelect}`);
    return countHistory(engine);
  },
};

const todaySelect = `select standing.customer_id, run.as_of as changed_on, standing.score, standing.tier,
    grouped.value_group, contribution.net_contribution, expected.lifetime_value
  from value.standings as standing
  inner join value.groups as grouped on grouped.customer_id = standing.customer_id
  inner join value.contribution as contribution on contribution.customer_id = standing.customer_id
  inner join value.future as expected on expected.customer_id = standing.customer_id
  cross join settings.run as run`;

const changesSelect = `with today as (${todaySelect}),
  dated as (
    select history.customer_id, history.score, history.tier, history.value_group, history.lifetime_value,
      row_number() over (partition by history.customer_id order by history.changed_on desc nulls last) as place
    from value.customer_value_history as history
    cross join settings.run as run
    where history.changed_on < run.as_of
  )
  select today.customer_id, today.changed_on, today.score, today.tier, today.value_group, today.net_contribution,
    today.lifetime_value
  from today
  left join dated as last on last.customer_id = today.customer_id and last.place = 1
  cross join settings.value as settings
  where last.customer_id is null
    or today.tier <> last.tier
    or today.value_group <> last.value_group
    or (today.score is null) <> (last.score is null)
    or (today.score <> last.score and abs(today.score - last.score) >= settings.history_score_points)
    or (today.lifetime_value is null) <> (last.lifetime_value is null)
    or (today.lifetime_value <> last.lifetime_value
      and abs(today.lifetime_value - last.lifetime_value)
        >= settings.history_lifetime_value_share * abs(cast(last.lifetime_value as decimal(20, 4))))`;

async function countHistory(engine: Engine): Promise<number> {
  const [row] = await engine.query('select count(*) as days from value.customer_value_history');
  return Number(row?.days);
}
