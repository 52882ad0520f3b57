import type { LifetimeConfig } from '../../../../config/lifetime-settings.ts';
import { checkColumns } from '../../../check-columns.ts';
import type { Step } from '../../../step.ts';
import { orderedHorizons } from './lifetime-scores.ts';
import { cellColumns } from './read-histories.ts';

/** Where contracts are foretold too, what purchases alone bring stands apart (contracts/with-contracts-step.ts). */
const tables = { alone: 'lifetime', beside_contracts: 'lifetime_purchases' } as const;

/** Two-sided quantiles of the normal distribution by the share that they hold (any table of it). */
const normalQuantiles = { 0.5: 0.6745, 0.8: 1.2816, 0.9: 1.6449, 0.95: 1.96 } as const;

/** What each customer will still purchase, and what that is worth: a row for every customer of the run. */
export function lifetime(config: LifetimeConfig, place: keyof typeof tables = 'alone'): Step {
  const table = { schema: 'value', table: tables[place] };
  const hasContracts = place === 'beside_contracts';
  const horizons = orderedHorizons(config);
  const header: Step['header'] = {
    comment:
      'What each customer is expected to purchase from the as-of date on, and what that is worth. Reporting currency',
    grain: 'one customer',
    key: ['customer_id'],
    tests: [
      { not_null: ['lifetime_reason'], severity: 'error' },
      { expression: 'probability_active between 0 and 1', severity: 'error' },
      ...horizons.flatMap(({ suffix }): Step['header']['tests'] => [
        { expression: `expected_purchases${suffix} >= 0`, severity: 'error' },
        {
          expression: `lifetime_value${suffix} between lifetime_value${suffix}_low and lifetime_value${suffix}_high`,
          severity: 'error',
        },
      ]),
    ],
    columns: {
      customer_id: 'The customer',
      lifetime_model: 'Model of purchases that the forecast comes from; null without a purchase so far',
      lifetime_reason:
        'Why this model, and whether it is to be relied on; without a forecast why there is none',
      probability_active:
        'Probability that the customer still is one, by that model; null without a purchase so far',
      expected_margin_per_purchase:
        'Expected gross margin of a purchase occasion after returns: (p v + p sum) / (p n + q - 1) of Gamma-Gamma over n occasions with that sum, times the share of occasions that bring anything; the own mean shrunk to that of all where it is not above 0; model_fits says which',
      expected_cost_per_purchase:
        'Expected cost to serve, of credit and of bad debt per purchase occasion, in the same way',
      ...Object.fromEntries(horizons.flatMap((horizon) => columnsOf(horizon, config))),
    },
  };
  return {
    table,
    needs: [
      'value.lifetime_state',
      'value.lifetime_scores',
      'value.lifetime_histories',
      'value.contribution',
      'customers.customers',
      ...(hasContracts ? ['value.contract_histories'] : []),
    ],
    header,
    build: async (engine) => {
      const rows = await engine.buildTable(
        table,
        select(horizons, normalQuantiles[config.interval_share], hasContracts),
      );
      await checkColumns(engine, table, header, 'transforms/value/lifetime/tables/lifetime.ts');
      return rows;
    },
  };
}

type Horizon = ReturnType<typeof orderedHorizons>[number];

function columnsOf(
  { suffix, days }: Horizon,
  { discount_rate_year: rate, interval_share: share }: LifetimeConfig,
): [string, string][] {
  const percent = `${Math.round(100 * share)} %`;
  return [
    [`expected_purchases${suffix}`, `Expected purchase occasions in the ${days} days after the as-of date`],
    [`expected_purchases${suffix}_low`, `Fewest of them in the interval that holds ${percent} or more`],
    [`expected_purchases${suffix}_high`, 'Most of them in that interval'],
    [
      `lifetime_value${suffix}`,
      `Expected purchase occasions of these ${days} days, each discounted by the time until it (${rate} a year) x (expected_margin_per_purchase - expected_cost_per_purchase)`,
    ],
    [
      `lifetime_value${suffix}_low`,
      `Lower end of its ${percent} interval: that of the occasions, widened by how unsure their margin is (squares added)`,
    ],
    [`lifetime_value${suffix}_high`, 'Upper end of that interval'],
  ];
}

/** Sums, products, quotients and roots of doubles alone: both engines round each of them alike, to the last bit. */
function select(horizons: readonly Horizon[], quantile: number, hasContracts: boolean): string {
  const suffixes = horizons.map(({ suffix }) => suffix);
  const scores = suffixes.flatMap((suffix) =>
    ['expected', 'discounted', 'low', 'high'].map((name) => `${name}${suffix}`),
  );
  const formula = (name: string, sum: string, purchases: string) =>
    `(fit.${name}_constant + fit.${name}_per_sum * cast(${sum} as double precision))
      / (fit.${name}_per_purchase * ${purchases} + fit.${name}_base)`;
  const paid = '(history.purchases - history.zero_purchases)';
  const isPositive = `history.margin > 0 and ${paid} > 0`;
  const allCosts = '(contribution.cost_to_serve + contribution.cost_of_credit + contribution.bad_debt)';
  // An invoice of a contract costs as much as a purchase.
  const cost = hasContracts
    ? `(cast(${allCosts} as double precision) * history.purchases / (history.purchases + coalesce(contract.invoices, 0)))`
    : allCosts;
  const ofMean = `case when fit.inverse_shape > 0
      then 1 / greatest(fit.margin_per_purchase * ${paid} + fit.margin_base - 1, cast(1 as double precision))
      else fit.relative_variance end`;
  const numbers = [
    'money(valued.margin_each) as expected_margin_per_purchase',
    'money(valued.cost_each) as expected_cost_per_purchase',
    ...suffixes.flatMap((suffix) => [
      `valued.expected${suffix} as expected_purchases${suffix}`,
      `valued.low${suffix} as expected_purchases${suffix}_low`,
      `valued.high${suffix} as expected_purchases${suffix}_high`,
      `money(${bounded(`valued.value${suffix}`)}) as lifetime_value${suffix}`,
      `money(${bounded(lowEnd(suffix))}) as lifetime_value${suffix}_low`,
      `money(${bounded(highEnd(suffix))}) as lifetime_value${suffix}_high`,
    ]),
  ];
  return `with known as (
    select
      history.customer_id, fit.model, fit.reason, score.probability_active,
      case when ${isPositive} then ${formula('margin', 'history.margin', paid)}
        else ${formula('loss', 'history.margin', `greatest(${paid}, 1)`)} end as margin_each,
      ${formula('cost', cost, 'history.purchases')} as cost_each,
      ${ofMean} as variance_of_mean,
      fit.inverse_shape,
      ${scores.map((name) => `score.${name}`).join(', ')}
    from value.lifetime_histories as history
    inner join value.lifetime_state as fit on fit.segment = history.segment
    inner join value.lifetime_scores as score on ${cellColumns
      .map((name) => `score.${name} = history.${name}`)
      .join(' and ')} and score.segment = history.segment
    inner join value.contribution as contribution on contribution.customer_id = history.customer_id
    ${hasContracts ? 'left join value.contract_histories as contract on contract.customer_id = history.customer_id and contract.is_present = 1' : ''}
  ),
  valued as (
    select
      customer_id, model, reason, probability_active, margin_each, cost_each, margin_each - cost_each as worth,
      ${scores.join(', ')},
      ${suffixes
        .flatMap((suffix) => [
          `discounted${suffix} * (margin_each - cost_each) as value${suffix}`,
          `case when expected${suffix} > 0 then discounted${suffix} / expected${suffix} else 1 end
        * (margin_each - cost_each) as each${suffix}`,
          `${quantile} * abs(margin_each) * discounted${suffix}
        * sqrt(variance_of_mean + (1 + variance_of_mean) * inverse_shape / greatest(expected${suffix}, cast(1 as double precision)))
        as spread${suffix}`,
        ])
        .join(',\n      ')}
    from known
  )
  select
    customer.customer_id,
    valued.model as lifetime_model,
    coalesce(valued.reason, 'no purchase up to the as-of date: there is nothing to forecast from') as lifetime_reason,
    valued.probability_active,
    ${numbers.join(',\n    ')}
  from customers.customers as customer
  left join valued on valued.customer_id = customer.customer_id`;
}

/**
 * The interval of the number of occasions, at what one of them is worth, and the spread of the margin: their squares are
 * added. Who may well not purchase at all has an end at exactly 0.
 */
function lowEnd(suffix: string): string {
  const [value, each, spread] = [`valued.value${suffix}`, `valued.each${suffix}`, `valued.spread${suffix}`];
  const atEnd = `least(valued.low${suffix} * ${each}, valued.high${suffix} * ${each})`;
  const end = `${value} - ${hypotenuse(`${value} - ${atEnd}`, spread)}`;
  return `case when valued.low${suffix} = 0 and valued.worth >= 0 then 0 else ${end} end`;
}

function highEnd(suffix: string): string {
  const [value, each, spread] = [`valued.value${suffix}`, `valued.each${suffix}`, `valued.spread${suffix}`];
  const atEnd = `greatest(valued.low${suffix} * ${each}, valued.high${suffix} * ${each})`;
  const end = `${value} + ${hypotenuse(`${atEnd} - ${value}`, spread)}`;
  return `case when valued.low${suffix} = 0 and valued.worth < 0 then 0 else ${end} end`;
}

/** A most likely range may leave its mean outside; the interval of the value holds it all the same. */
function hypotenuse(distance: string, spread: string): string {
  const beyond = `greatest(${distance}, cast(0 as double precision))`;
  return `sqrt(${beyond} * ${beyond} + ${spread} * ${spread})`;
}

/** Within what an amount can hold; null stays null, which greatest and least leave out. */
function bounded(value: string): string {
  const most = 'cast(90000000000000 as double precision)';
  return `case when valued.model is not null then least(greatest(${value}, -${most}), ${most}) end`;
}
