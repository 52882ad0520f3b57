import { WhalecurveError } from '../../../config/error.ts';
import type { Column, ControlTotals, TotalsAsked } from '../../sources/source.ts';
import type {
  Attempted,
  Cell,
  Engine,
  LandedTable,
  LoadStamp,
  PublishedTable,
  PublishResult,
  Row,
  TableName,
} from '../engine.ts';
import { quoteName } from '../quote.ts';
import type { Scratch } from '../scratch.ts';
import type { EngineOptions, PostgresWarehouse } from '../warehouse-config.ts';
import { attempt } from './attempt.ts';
import { builtSelect } from './built-select.ts';
import { cellOf } from './cell.ts';
import { controlTotals } from './control-totals.ts';
import { copyRows } from './copy-rows.ts';
import { describeStatement } from './describe-statement.ts';
import { distributeNewTables, prepareDistribution } from './distribution.ts';
import { landingPath, loadTable } from './load-table.ts';
import { openSession } from './open-session.ts';
import { openPostgresScratch } from './postgres-scratch.ts';
import { installPrelude } from './prelude-functions.ts';
import { publishTables } from './publish.ts';
import { readByCursor } from './read-by-cursor.ts';
import { refreshStatistics } from './refresh-statistics.ts';
import { ensureRoles } from './roles.ts';
import { postgresName } from './server-name.ts';
import type { PostgresSession } from './session.ts';
import { createSchema, hashedName, hasSchema, qualified, swapIn } from './table-swap.ts';

/**
 * State and warehouse in one database of a PostgreSQL server, which is Whalecurve's alone.
 *
 * @throws WC-ENGINE-005 if the server cannot be reached, refuses the login or lacks what is needed, WC-RUN-003 if there
 *   is nothing to read yet
 */
export async function openPostgres(warehouse: PostgresWarehouse, options: EngineOptions): Promise<Engine> {
  const isReadOnly = options.isReadOnly ?? false;
  const applicationName = isReadOnly ? 'whalecurve query' : 'whalecurve state';
  const session = await openSession(warehouse, { applicationName, isReadOnly });
  try {
    const home = options.database === 'warehouse' ? 'warehouse, whalecurve' : 'whalecurve';
    // Our functions before those of the same name in pg_catalog.
    await session.run(`set search_path = ${home}, pg_catalog`);
    await prepareDistribution(session);
    if (isReadOnly) {
      await session.run('set default_transaction_read_only = on');
      await requireSchema(session, options.database === 'warehouse' ? 'warehouse' : 'whalecurve');
    } else {
      await ensureRoles(session);
      await installPrelude(session, options.prelude);
    }
    const engine = new PostgresEngine(session, isReadOnly);
    if (options.candidate === undefined) return engine;
    const { askCandidate } = await import('./candidate-names.ts');
    return await askCandidate(engine, options.candidate);
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Whether the schema is there, as far as this login can tell. */
export async function schemaExists(warehouse: PostgresWarehouse, schema: string): Promise<boolean> {
  const session = await openSession(warehouse, { applicationName: 'whalecurve', isReadOnly: true });
  try {
    return await hasSchema(session, schema);
  } finally {
    await session.close();
  }
}

async function requireSchema(session: PostgresSession, schema: string): Promise<void> {
  if (await hasSchema(session, schema)) return;
  throw new WhalecurveError('WC-RUN-003', `${postgresName(session.warehouse)} has no schema ${schema} yet`, {
    hint: 'start a run: `whalecurve run`',
  });
}

class PostgresEngine implements Engine {
  readonly kind = 'postgres';
  readonly #session: PostgresSession;
  readonly #isReadOnly: boolean;
  /** Tables of the open transaction whose statistics are those of their rows already. */
  readonly #analyzed: string[] = [];
  #scratch: Scratch | undefined;

  constructor(session: PostgresSession, isReadOnly: boolean) {
    this.#session = session;
    this.#isReadOnly = isReadOnly;
  }

  async run(sql: string, parameters: readonly Cell[] = []): Promise<number> {
    if (this.#isReadOnly) return (await this.#ask(sql, parameters)).rows.length;
    return this.#session.run(sql, parameters);
  }

  async query<R extends Row = Row>(sql: string, parameters: readonly Cell[] = []): Promise<R[]> {
    const { fields, rows } = await this.#ask(sql, parameters);
    const names = distinctNames(fields.map(({ name }) => name));
    return rows.map(
      (row) =>
        Object.fromEntries(
          fields.map(({ dataTypeID }, index) => [names[index], cellOf(row[index] ?? null, dataTypeID)]),
        ) as R,
    );
  }

  async *read(select: string): AsyncIterable<Cell[][]> {
    for await (const { fields, rows } of readByCursor(this.#session, select)) {
      yield rows.map((row) => fields.map(({ dataTypeID }, index) => cellOf(row[index] ?? null, dataTypeID)));
    }
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isReadOnly) return this.#reading(work);
    return this.#changing(work);
  }

  async describe(sql: string): Promise<{ name: string; type: string }[]> {
    const described = () => describeStatement(this.#session, sql);
    // A statement that does not bind would end the transaction in which the caller looks for the reason.
    const columns = await (this.#session.isInTransaction
      ? this.#session.attempt('described', described)
      : described());
    return columns.map(({ name, type }) => ({ name, type }));
  }

  async load(landed: LandedTable, table: TableName, stamp: LoadStamp): Promise<number> {
    return this.#changing(() => loadTable(this.#session, landed, table, stamp));
  }

  landedRows(landed: LandedTable): string {
    return landingPath(landed);
  }

  async discardLanded(landed: LandedTable): Promise<void> {
    await this.#session.run(`drop table ${landingPath(landed)}`);
  }

  async totals(
    of: TableName | { select: string },
    columns: readonly Column[],
    asked: TotalsAsked,
  ): Promise<ControlTotals> {
    const [rows, subject] =
      'select' in of ? [`(${of.select}) as rows_of_select`, 'the rows'] : [qualified(of), of.table];
    return controlTotals(this.#session, rows, columns, asked, subject);
  }

  async buildTable(table: TableName, select: string): Promise<number> {
    const columns = await describeStatement(this.#session, select);
    return this.#build(table, (built) =>
      this.#session.run(`create table ${built} as ${builtSelect(select, columns)}`),
    );
  }

  async buildFromRows(
    table: TableName,
    types: Readonly<Record<string, string>>,
    batches: AsyncIterable<readonly (readonly Cell[])[]>,
  ): Promise<number> {
    return this.#build(table, (built) => copyRows(this.#session, built, types, batches));
  }

  /** Aside, since a table may be built from what it held before. */
  #build(table: TableName, fill: (built: string) => Promise<number>): Promise<number> {
    return this.#changing(async () => {
      await createSchema(this.#session, table.schema);
      const aside = hashedName('building', table.schema, table.table);
      const built = qualified({ ...table, table: aside });
      await this.#session.run(`drop table if exists ${built}`);
      const rows = await fill(built);
      await this.#session.run(`analyze ${built}`);
      await swapIn(this.#session, aside, table);
      this.#analyzed.push(`${table.schema}.${table.table}`);
      return rows;
    });
  }

  async buildTemporary(name: string, select: string): Promise<void> {
    const columns = await describeStatement(this.#session, select);
    await this.#session.atomically(async () => {
      const [target, aside] = [quoteName(name), quoteName(hashedName('building', name))];
      await this.#session.run(`create temporary table ${aside} as ${builtSelect(select, columns)}`);
      await this.#session.run(
        `drop table if exists pg_temp.${target}; alter table pg_temp.${aside} rename to ${target}; analyze ${target}`,
      );
    });
  }

  async attempt(attempted: Attempted): Promise<string> {
    return attempt((sql) => this.#session.run(sql), attempted);
  }

  async interrupt(): Promise<void> {
    this.#scratch?.connection.interrupt();
    await this.#session.cancel();
  }

  async openScratch(): Promise<Scratch> {
    const scratch = await openPostgresScratch(this.#session, (table, select) =>
      this.buildTable(table, select),
    );
    this.#scratch = scratch;
    const close = async (): Promise<void> => {
      this.#scratch = undefined;
      await scratch.close();
    };
    return { ...scratch, close };
  }

  async publish(tables: readonly PublishedTable[]): Promise<PublishResult> {
    return this.#changing(async () => {
      const result = await publishTables(this.#session, tables);
      this.#analyzed.push(...tables.map(({ name }) => `warehouse.${name}`));
      return result;
    });
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  /**
   * Runs `work` in the transaction that is open, or in one of its own. New tables are spread over the cluster after
   * it, if there is one, and at the end the planner is told of what was written.
   */
  async #changing<T>(work: () => Promise<T>): Promise<T> {
    const spreading = async () => {
      const result = await work();
      await distributeNewTables(this.#session);
      return result;
    };
    if (this.#session.isInTransaction) return spreading();
    this.#analyzed.length = 0;
    return this.#session.transaction(async () => {
      const result = await spreading();
      await refreshStatistics(this.#session, this.#analyzed);
      return result;
    });
  }

  async #ask(sql: string, parameters: readonly Cell[]) {
    if (!this.#isReadOnly || this.#session.isInTransaction) return this.#session.rows(sql, parameters);
    return this.#reading(() => this.#session.rows(sql, parameters));
  }

  /**
   * Once a transaction has read something it cannot be made to write, and the one statement that the protocol takes
   * is over before it could begin another. What it does all the same, such as a large object, is rolled back.
   */
  #reading<T>(work: () => Promise<T>): Promise<T> {
    return this.#session.transaction(
      work,
      'begin isolation level repeatable read read only; select 1',
      'rollback',
    );
  }
}

/** A column of a name that was there before gets its number, as DuckDB does it: `name:1`. */
function distinctNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}:${count}`;
  });
}
