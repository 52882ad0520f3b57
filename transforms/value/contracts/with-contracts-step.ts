import type { LifetimeConfig } from '../../../config/lifetime-settings.ts';
import { checkColumns } from '../../check-columns.ts';
import type { Step } from '../../step.ts';
import { lifetime } from '../lifetime/tables/lifetime.ts';
import { orderedHorizons } from '../lifetime/tables/lifetime-scores.ts';

const table = { schema: 'value', table: 'lifetime' };

/** value.lifetime where there are contracts: what purchases by chance bring, and what contracts do. */
export function withContractsStep(config: LifetimeConfig): Step {
  const { header: ofPurchases } = lifetime(config);
  const header: Step['header'] = {
    ...ofPurchases,
    columns: {
      ...ofPurchases.columns,
      lifetime_model:
        'Model of purchases, and that of renewals, that the forecast comes from; null without a purchase so far',
      probability_active:
        'Probability that the customer still is one: 1 while its contract lasts, else by the model of purchases',
      expected_margin_per_purchase: `${ofPurchases.columns.expected_margin_per_purchase}. Without a purchase beside a contract, contracts.margin_per_invoice`,
      expected_cost_per_purchase: `${ofPurchases.columns.expected_cost_per_purchase}. Without a purchase beside a contract, contracts.cost_per_invoice`,
      ...Object.fromEntries(
        Object.entries(ofPurchases.columns)
          .filter(([name]) => /^(expected_purchases|lifetime_value)/.test(name))
          .map(([name, comment]) => [
            name,
            `${comment}; and ${name.replace('purchases', 'renewals').replace('lifetime', 'contract')} of contracts`,
          ]),
      ),
    },
  };
  return {
    table,
    needs: ['value.lifetime_purchases', 'value.contracts', 'value.contract_fit'],
    header,
    build: async (engine) => {
      const rows = await engine.buildTable(
        table,
        select(orderedHorizons(config).map(({ suffix }) => suffix)),
      );
      await checkColumns(engine, table, header, 'transforms/value/contracts/with-contracts-step.ts');
      return rows;
    },
  };
}

function select(suffixes: readonly string[]): string {
  // A forecast that one of the two lacks is that of the other.
  const both = (name: string, ofContract: string) =>
    `coalesce(purchases.${name} + contract.${ofContract}, purchases.${name}, contract.${ofContract}) as ${name}`;
  const sums = suffixes.flatMap((suffix) => [
    ...['', '_low', '_high'].map((end) =>
      both(`expected_purchases${suffix}${end}`, `expected_renewals${suffix}${end}`),
    ),
    ...['', '_low', '_high'].map((end) =>
      both(`lifetime_value${suffix}${end}`, `contract_value${suffix}${end}`),
    ),
  ]);
  return `select
    purchases.customer_id,
    case
      when contract.customer_id is null or fit.model is null then purchases.lifetime_model
      when purchases.lifetime_model is null then fit.model
      else purchases.lifetime_model || ' and ' || fit.model
    end as lifetime_model,
    case
      when contract.customer_id is null then purchases.lifetime_reason
      when purchases.lifetime_model is null then contract.contract_reason
      else purchases.lifetime_reason || '; ' || contract.contract_reason
    end as lifetime_reason,
    case
      when contract.is_ended then coalesce(purchases.probability_active, cast(0 as double precision))
      when contract.retention_rate is not null then cast(1 as double precision)
      else purchases.probability_active
    end as probability_active,
    coalesce(purchases.expected_margin_per_purchase, case when fit.model is not null then contract.margin_per_invoice end)
      as expected_margin_per_purchase,
    coalesce(purchases.expected_cost_per_purchase, case when fit.model is not null then contract.cost_per_invoice end)
      as expected_cost_per_purchase,
    ${sums.join(',\n    ')}
  from value.lifetime_purchases as purchases
  left join value.contracts as contract on contract.customer_id = purchases.customer_id
  cross join value.contract_fit as fit`;
}
