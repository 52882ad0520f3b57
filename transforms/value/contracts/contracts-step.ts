import type { LifetimeConfig } from '../../../config/lifetime-settings.ts';
import { checkColumns } from '../../check-columns.ts';
import type { Step } from '../../step.ts';
import { orderedHorizons } from '../lifetime/tables/lifetime-scores.ts';

const table = { schema: 'value', table: 'contracts' };

/** Each customer with a contract: how it stands, how likely it is renewed, and what that is worth. */
export function contractsStep(lifetime: LifetimeConfig): Step {
  const horizons = orderedHorizons(lifetime);
  const header: Step['header'] = {
    comment:
      'Customers with a contract (value.contracts), how likely it is to go on, and what it will bring. Reporting currency',
    grain: 'one customer with a contract',
    key: ['customer_id'],
    publish: 'contracts',
    tests: [
      { expression: 'retention_rate between 0 and 1', severity: 'error' },
      ...horizons.map(({ suffix }) => ({
        expression: `contract_value${suffix} between contract_value${suffix}_low and contract_value${suffix}_high`,
        severity: 'error' as const,
      })),
    ],
    columns: {
      customer_id: 'The customer',
      started_on: 'Day of the first invoice',
      last_invoice_on: 'Day of the last invoice',
      due_on: 'Day on which the next invoice is due',
      invoices: 'Days with an invoice',
      renewals: 'Periods from the first invoice to the last one',
      is_ended:
        'True if the next invoice did not come within value.contracts.grace_days of the day it was due',
      retention_rate:
        'Probability that the next invoice comes, (beta + renewals) / (alpha + beta + renewals); 0 for a contract that has ended, null where too few could be seen',
      margin_per_invoice: 'Net amount less cost of goods, credits included, / invoices',
      cost_per_invoice:
        'Cost to serve, of credit and of bad debt of the customer / its invoices and other purchase days',
      ...Object.fromEntries(
        horizons.flatMap(({ suffix, days }) => [
          [`expected_renewals${suffix}`, `Expected invoices in the ${days} days after the as-of date`],
          [
            `expected_renewals${suffix}_low`,
            'Fewest of them in the interval of value.lifetime.interval_share',
          ],
          [`expected_renewals${suffix}_high`, 'Most of them in that interval'],
          [
            `contract_value${suffix}`,
            `Expected invoices of these ${days} days, each discounted by the time until it (${lifetime.discount_rate_year} a year) x (margin_per_invoice - cost_per_invoice)`,
          ],
          [`contract_value${suffix}_low`, 'Lower end of its interval, that of the number of invoices'],
          [`contract_value${suffix}_high`, 'Upper end of that interval'],
        ]),
      ),
      contract_reason: 'Why this model, or why there is no forecast',
    },
  };
  return {
    table,
    needs: [
      'value.contract_histories',
      'value.contract_fit',
      'value.contract_scores',
      'value.lifetime_histories',
      'value.contribution',
    ],
    header,
    build: async (engine) => {
      const rows = await engine.buildTable(table, select(horizons.map(({ suffix }) => suffix)));
      await checkColumns(engine, table, header, 'transforms/value/contracts/contracts-step.ts');
      return rows;
    },
  };
}

/** Sums, products and quotients of doubles alone: both engines round each of them alike. */
function select(suffixes: readonly string[]): string {
  // Who has ended is known to bring nothing; without a fit nobody knows.
  const known = (value: string) =>
    `case when fit.alpha is null then null when contract.is_ended = 1 then 0 else ${value} end`;
  const most = 'cast(90000000000000 as double precision)';
  const money = (value: string) => `money(least(greatest(${value}, -${most}), ${most}))`;
  const values = suffixes.flatMap((suffix) => {
    const ends = `scored.low${suffix} * scored.each${suffix}, scored.high${suffix} * scored.each${suffix}`;
    const amounts = {
      '': `scored.value${suffix}`,
      _low: `least(${ends}, scored.value${suffix})`,
      _high: `greatest(${ends}, scored.value${suffix})`,
    };
    return [
      `scored.expected${suffix} as expected_renewals${suffix}`,
      `scored.low${suffix} as expected_renewals${suffix}_low`,
      `scored.high${suffix} as expected_renewals${suffix}_high`,
      ...Object.entries(amounts).map(
        ([end, value]) =>
          `case when scored.has_forecast then ${money(value)} end as contract_value${suffix}${end}`,
      ),
    ];
  });
  return `with standing as (
    select
      contract.customer_id, contract.started_on, contract.last_invoice_on, contract.due_on, contract.invoices,
      contract.renewals, contract.is_ended, contract.seen_on,
      divide_money(contract.margin, contract.invoices) as margin_per_invoice,
      divide_money(
        contribution.cost_to_serve + contribution.cost_of_credit + contribution.bad_debt,
        contract.invoices + coalesce(history.purchases, 0)
      ) as cost_per_invoice
    from value.contract_histories as contract
    inner join value.contribution as contribution on contribution.customer_id = contract.customer_id
    left join value.lifetime_histories as history on history.customer_id = contract.customer_id
    where contract.is_present = 1
  ),
  counted as (
    select
      contract.customer_id, contract.started_on, contract.last_invoice_on, contract.due_on, contract.invoices,
      contract.renewals, contract.is_ended, contract.margin_per_invoice, contract.cost_per_invoice,
      cast(contract.margin_per_invoice - contract.cost_per_invoice as double precision) as worth,
      fit.alpha is not null as has_forecast,
      fit.reason,
      ${known('score.retention_rate')} as retention_rate,
      ${suffixes
        .flatMap((suffix) =>
          ['expected', 'discounted', 'low', 'high'].map(
            (name) => `${known(`score.${name}${suffix}`)} as ${name}${suffix}`,
          ),
        )
        .join(',\n      ')}
    from standing as contract
    cross join value.contract_fit as fit
    left join value.contract_scores as score
      on score.renewals = contract.renewals
        and score.due_in_days = greatest(days_between(contract.seen_on, contract.due_on), 0)
  ),
  scored as (
    select
      customer_id, started_on, last_invoice_on, due_on, invoices, renewals, is_ended, margin_per_invoice,
      cost_per_invoice, has_forecast, reason, retention_rate,
      ${suffixes
        .flatMap((suffix) => [
          `expected${suffix}`,
          `low${suffix}`,
          `high${suffix}`,
          `discounted${suffix} * worth as value${suffix}`,
          `case when expected${suffix} > 0 then discounted${suffix} / expected${suffix} * worth else 0 end as each${suffix}`,
        ])
        .join(',\n      ')}
    from counted
  )
  select
    scored.customer_id, scored.started_on, scored.last_invoice_on, scored.due_on, scored.invoices, scored.renewals,
    scored.is_ended = 1 as is_ended, scored.retention_rate, scored.margin_per_invoice, scored.cost_per_invoice,
    ${values.join(',\n    ')},
    case when scored.has_forecast and scored.is_ended = 1
      then 'the contract has ended: no invoice came after ' || cast(scored.last_invoice_on as text)
      else scored.reason end as contract_reason
  from scored`;
}
