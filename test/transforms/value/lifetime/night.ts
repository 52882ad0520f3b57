import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ContractSettings,
  contractPeriods,
  contractSettings,
} from '../../../../config/contract-settings.ts';
import { type LifetimeConfig, lifetimeSettings } from '../../../../config/lifetime-settings.ts';
import { packageRoot } from '../../../../config/package-root.ts';
import type { Cell, Engine, Row } from '../../../../connectors/engines/engine.ts';
import { readModel } from '../../../../transforms/read-model.ts';
import type { Step } from '../../../../transforms/step.ts';
import { contractSteps } from '../../../../transforms/value/contracts/contract-steps.ts';
import { lifetimeSteps } from '../../../../transforms/value/lifetime/tables/lifetime-steps.ts';
import type { PurchaseLog } from './purchase-log.ts';

/** What the forecast reads, written by hand. Amounts as text. */
export interface Night {
  asOf: string;
  runId?: string;
  /** Each with its kind, which may divide them. */
  customers: readonly (readonly [id: string, kind: string | null])[];
  orders: readonly {
    customer: string;
    day: string;
    net: string;
    cost?: string;
    /** False for a credit. */
    isPurchase?: boolean;
    /** True for an invoice of a contract. */
    isContract?: boolean;
  }[];
  returns?: readonly { customer: string; day: string; refund: string }[];
  /** Cost to serve by customer, 0 where it is not said. */
  costs?: Readonly<Record<string, string>>;
  /** Settings of contracts; without them there are none. */
  contracts?: Partial<ContractSettings>;
}

/**
 * Makes the tables that the forecast reads, and builds its own as a run does, in one transaction.
 *
 * @param buildStep builds one of them; for who wants to know how long it takes
 */
export async function runNight(
  engine: Engine,
  night: Night,
  settings: unknown = {},
  buildStep: (step: Step) => Promise<unknown> = (step) => step.build(engine),
): Promise<void> {
  const { asOf, runId = 'r_test', customers, orders, returns = [], costs = {} } = night;
  const contracts = contractSettings.parse(night.contracts ?? {});
  const fill = (
    schema: string,
    table: string,
    types: Record<string, string>,
    rows: readonly (readonly Cell[])[],
  ) => engine.buildFromRows({ schema, table }, types, inBatches(rows));
  await engine.transaction(async () => {
    await fill('settings', 'run', { as_of: 'date', currency: 'text', timezone: 'text', run_id: 'text' }, [
      [asOf, 'EUR', 'UTC', runId],
    ]);
    await fill(
      'settings',
      'value',
      {
        margin_rate: 'decimal(9, 6)',
        returned_stock_recovery: 'decimal(9, 6)',
        contract_period_months: 'integer',
        contract_grace_days: 'integer',
        contract_backtest_months: 'integer',
      },
      [[0.3, 0.5, contractPeriods[contracts.period], contracts.grace_days, contracts.backtest_months]],
    );
    await fill('customers', 'customers', { customer_id: 'text', kind: 'text' }, customers);
    await fill(
      'value',
      'orders',
      {
        customer_id: 'text',
        ordered_on: 'date',
        is_purchase: 'boolean',
        is_contract: 'boolean',
        net_amount: 'decimal(18, 4)',
        cost_of_goods: 'decimal(18, 4)',
      },
      orders.map(({ customer, day, net, cost = '0', isPurchase = true, isContract = false }) => [
        customer,
        day,
        isPurchase,
        isContract,
        net,
        cost,
      ]),
    );
    await fill(
      'customers',
      'returns',
      { customer_id: 'text', local_date: 'date', refund_amount_reporting: 'decimal(18, 4)' },
      returns.map(({ customer, day, refund }) => [customer, day, refund]),
    );
    await fill(
      'value',
      'contribution',
      {
        customer_id: 'text',
        cost_to_serve: 'decimal(18, 4)',
        cost_of_credit: 'decimal(18, 4)',
        bad_debt: 'decimal(18, 4)',
      },
      customers.map(([id]) => [id, costs[id] ?? '0', '0', '0']),
    );
    for (const step of await stepsOf(lifetimeSettings.parse(settings), contracts)) await buildStep(step);
  });
}

/** In the order in which they are built. */
async function stepsOf(config: LifetimeConfig, contracts: ContractSettings): Promise<Step[]> {
  const days = await model('lifetime_days');
  if (contracts.categories.length === 0) return [days, ...lifetimeSteps(config)];
  const [fit, ...renewals] = contractSteps(contracts, config);
  return [
    days,
    await model('contract_histories'),
    fit as Step,
    ...lifetimeSteps(config, ['value.contract_fit'], 'beside_contracts'),
    ...renewals,
  ];
}

async function model(table: string): Promise<Step> {
  const file = join(packageRoot(), 'transforms', 'value', `${table}.sql`);
  return readModel(file, await readFile(file, 'utf8'), { schema: 'value', table });
}

/** The rows of a table of the forecast, in the order of its key. */
export function rowsOf<R extends Row = Row>(engine: Engine, table: string, order: string): Promise<R[]> {
  return engine.query<R>(`select * from value.${table} order by ${order}`);
}

/** A log as a night: customers `c_000001`, …; what an order brings is its amount. */
export function nightOf(log: PurchaseLog, asOf: string): Night {
  const id = (customer: number) => `c_${String(customer).padStart(6, '0')}`;
  return {
    asOf,
    customers: Array.from({ length: log.customers }, (_, i) => [
      id(i + 1),
      i % 3 === 0 ? 'company' : 'person',
    ]),
    orders: Array.from(log.day, (day, row) => ({
      customer: id(log.customer[row] as number),
      day: new Date(day * 86_400_000).toISOString().slice(0, 10),
      net: (log.amount[row] as number).toFixed(4),
    })),
  };
}

async function* inBatches<R>(rows: readonly R[]): AsyncGenerator<R[]> {
  for (let from = 0; from < rows.length; from += 2_000) yield rows.slice(from, from + 2_000);
}
