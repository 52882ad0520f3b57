import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import { besideState, openLock } from '../connectors/engines/open-engine.ts';
import { type Erased, eraseByKeys, personOf } from '../jobs/forget/erase.ts';
import { keepTotals } from '../jobs/forget/forgotten-totals.ts';
import { type Search, searchTraces, sharedValues, valuesOf } from '../jobs/forget/traces-left.ts';
import { createConformState } from '../transforms/conform/conform-state.ts';
import { withEngine } from '../transforms/with-engine.ts';
import { rebuildPipeline } from './from-raw.ts';
import { type RunOptions, runPipeline } from './run-pipeline.ts';

/** What was erased, and the proof that nothing is left. No value of the person stands in it. */
export interface Certificate {
  customerId: string;
  /** ISO 8601, UTC. */
  forgottenAt: string;
  why: string | null;
  accounts: number;
  /** Rows that went, and rows of raw that were blanked. */
  erased: readonly Erased[];
  /** The run that published the warehouse without the person. */
  runId: string;
  /** Places where values of the person were looked for, and what was found still. */
  search: Search;
}

/**
 * Forgets a customer: takes its accounts down as salted hashes, erases what the state has of it, builds and publishes the
 * warehouse anew without asking a source, and looks through every text of state and warehouse for what is left. The next
 * extraction may bring the rows again: conform erases them then.
 *
 * @throws WC-USAGE-003 where the customer has no account; what a run throws, and then the next run ends what is begun
 */
export async function forgetCustomer(
  config: LoadedConfig,
  customerId: string,
  { why, ...options }: Pick<RunOptions, 'now' | 'onProgress' | 'signal'> & { why: string | null },
): Promise<Certificate> {
  const at = options.now.toISOString();
  const lock = await openLock(config.warehouse, 'run').acquire('forget', options.now);
  let begun: { accounts: number; values: string[]; erased: Erased[]; blankedBefore: Map<string, number> };
  try {
    begun = await withEngine(config.warehouse, {}, (engine) =>
      eraseFromState(engine, customerId, { at, why }),
    );
    await removeMatchingCache(config);
  } finally {
    await lock.release();
  }
  const { runId } = await runPipeline(config, {
    ...options,
    pipeline: rebuildPipeline('forget'),
    runner: 'inline',
  });
  const after = await withEngine(config.warehouse, {}, async (engine) => {
    const shared = await sharedValues(engine, begun.values);
    const search = await searchTraces(engine, begun.values, (value) => shared.has(value));
    return { shared, search, blanked: await blankedRows(engine) };
  });
  const search = await withPublished(config, after.search, (engine) =>
    searchTraces(engine, begun.values, (value) => after.shared.has(value)),
  );
  const blanked = [...after.blanked].flatMap(([table, rows]): Erased[] => {
    const more = rows - (begun.blankedBefore.get(table) ?? 0);
    return more > 0 ? [{ table, rows: more }] : [];
  });
  return {
    ...{ customerId, forgottenAt: at, why, accounts: begun.accounts, runId, search },
    erased: [...begun.erased, ...blanked].map(({ table, rows }) => ({
      table: table.replaceAll('"', ''),
      rows,
    })),
  };
}

async function eraseFromState(
  engine: Engine,
  customerId: string,
  { at, why }: { at: string; why: string | null },
) {
  await createConformState(engine);
  const person = await personOf(engine, customerId);
  if (person.accounts.length === 0) {
    throw new WhalecurveError('WC-USAGE-003', `customer ${customerId} has no account in the state`, {
      hint: 'the last run did not find it; `whalecurve explain` shows what an id of old leads to',
    });
  }
  const values = await valuesOf(engine, person);
  const blankedBefore = await blankedRows(engine);
  let erased: Erased[] = [];
  await engine.transaction(async () => {
    await keepTotals(engine, person.customerIds, at);
    erased = await eraseByKeys(engine, person, { salt: randomBytes(16).toString('hex'), at, why });
  });
  return { accounts: person.accounts.length, values, erased, blankedBefore };
}

/** Rows of each raw table of which only key, cursor and money are left. */
async function blankedRows(engine: Engine): Promise<Map<string, number>> {
  const tables = await engine.query<{ table_name: string }>(
    `select table_name from information_schema.columns
     where table_schema = 'raw' and column_name = '_forgotten' order by table_name`,
  );
  const counts = new Map<string, number>();
  for (const { table_name } of tables) {
    const table = `raw."${table_name}"`;
    const [found] = await engine.query(`select count(*) as row_count from ${table} where _forgotten`);
    counts.set(table, Number(found?.row_count));
  }
  return counts;
}

/** Pairs of accounts that were compared: the next night compares them again. */
async function removeMatchingCache({ warehouse }: LoadedConfig): Promise<void> {
  for (const name of ['matching', 'matching.duckdb', 'matching.wal', 'matching.duckdb.wal'])
    await rm(besideState(warehouse, name), { force: true });
}

/** On PostgreSQL the warehouse is a schema beside the state's, and was looked through with them. */
async function withPublished(
  { warehouse }: LoadedConfig,
  ofState: Search,
  look: (engine: Engine) => Promise<Search>,
): Promise<Search> {
  if (warehouse.engine === 'postgres') return ofState;
  const { columns, left, values } = await withEngine(
    warehouse,
    { database: 'warehouse', isReadOnly: true },
    look,
  );
  return { values, columns: ofState.columns + columns, left: [...ofState.left, ...left] };
}
