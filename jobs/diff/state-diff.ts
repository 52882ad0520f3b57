import type { Engine } from '../../connectors/engines/engine.ts';
import type { Failure } from '../job.ts';
import { type CustomerDiff, diffCustomers } from './customer-diff.ts';
import { diffMoney, type MoneyDiff } from './money-diff.ts';
import { countTables, diffTables, type SourceTableDiff, type TableDiff, tableDiffs } from './table-diff.ts';
import { diffTiers, type TierDiff } from './tier-diff.ts';

/** What a changed config would change, were the rows that were loaded last built anew by it. */
export interface StateDiff {
  /** The run that built the tables that are compared with. */
  before: { runId: string; status: string; asOf: string };
  /** Rows by fate of the source tables in which one of them differs. */
  sourceTables: readonly SourceTableDiff[];
  /** Rows of the published tables whose number differs. */
  tables: readonly TableDiff[];
  customers: CustomerDiff;
  tiers: TierDiff;
  money: readonly MoneyDiff[];
  /** The gate that would stop the run, if one would. */
  gate: Failure | null;
}

/** Tables of schema `before`: what the candidate is compared with. */
const kept = {
  members: 'select source, account_ref, customer_id from identity.members',
  customers: `select value.customer_id, value.tier, value.net_contribution, future.lifetime_value
    from value.customer_value as value
    left join value.future as future on future.customer_id = value.customer_id`,
};

/** Keeps what the last run built, before it is built anew in its place. */
export async function keepBefore(
  engine: Engine,
  published: readonly { name: string; from: string }[],
): Promise<Record<string, number>> {
  for (const [table, select] of Object.entries(kept)) {
    await engine.buildTable({ schema: 'before', table }, select);
  }
  return countTables(engine, published);
}

/** Compares the tables as they stand with those that were kept. */
export async function diffStates(
  engine: Engine,
  compared: {
    before: StateDiff['before'];
    runId: string;
    published: readonly { name: string; from: string }[];
    countsBefore: Readonly<Record<string, number>>;
    gate: Failure | null;
  },
): Promise<StateDiff> {
  const { before, runId, published, countsBefore, gate } = compared;
  await engine.buildTable({ schema: 'before', table: 'customers_now' }, kept.customers);
  return {
    before,
    sourceTables: await diffTables(engine, { before: before.runId, now: runId }),
    tables: tableDiffs(countsBefore, await countTables(engine, published)),
    customers: await diffCustomers(engine),
    tiers: await diffTiers(engine),
    money: await Promise.all([diffMoney(engine, 'net_contribution'), diffMoney(engine, 'lifetime_value')]),
    gate,
  };
}
