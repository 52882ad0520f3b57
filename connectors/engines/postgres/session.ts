import type pg from 'pg';
import { WhalecurveError } from '../../../config/error.ts';
import type { PostgresWarehouse } from '../warehouse-config.ts';
import { connectionError, permissionError, statementError } from './engine-error.ts';
import { isState } from './server-error.ts';

export interface SessionOptions {
  /** `whalecurve run r_…`: what the server's owner reads in pg_stat_activity. */
  applicationName: string;
  /** For questions of users: errors about rights are about what they asked for. */
  isReadOnly?: boolean;
}

interface SessionFacts extends SessionOptions {
  /** `15.3` */
  version: string;
  /** `150003` */
  versionNumber: number;
  /** Of the server's process. */
  processId: string;
}

export class PostgresSession {
  readonly client: pg.Client;
  readonly warehouse: PostgresWarehouse;
  readonly facts: Readonly<SessionFacts>;
  /** Runs at the beginning of each transaction. */
  settingsOfTransactions = '';
  readonly #connect: () => Promise<pg.Client>;
  #isInTransaction = false;

  constructor(
    client: pg.Client,
    connect: () => Promise<pg.Client>,
    warehouse: PostgresWarehouse,
    facts: SessionFacts,
  ) {
    this.client = client;
    this.#connect = connect;
    this.warehouse = warehouse;
    this.facts = facts;
  }

  get isInTransaction(): boolean {
    return this.#isInTransaction;
  }

  /** Runs one or several statements; gives the number of rows that the last one changed. */
  async run(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    const result = await this.#guarded(sql, () =>
      this.client.query(parameters.length === 0 ? { text: sql } : { text: sql, values: [...parameters] }),
    );
    const last = Array.isArray(result) ? result.at(-1) : result;
    return last?.rowCount ?? 0;
  }

  /** One statement by the extended protocol, which takes no second one. */
  async rows(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<{ fields: pg.FieldDef[]; rows: (string | null)[][] }> {
    const config: pg.QueryArrayConfig & { queryMode: string } = {
      text: sql,
      values: [...parameters],
      rowMode: 'array',
      queryMode: 'extended',
    };
    return this.#guarded(sql, () => this.client.query<(string | null)[]>(config));
  }

  /** Rows by the names of their columns, every value as PostgreSQL's text. */
  async texts(sql: string, parameters: readonly unknown[] = []): Promise<Record<string, string | null>[]> {
    const { fields, rows } = await this.rows(sql, parameters);
    return rows.map((row) => Object.fromEntries(fields.map(({ name }, index) => [name, row[index] ?? null])));
  }

  async transaction<T>(work: () => Promise<T>, begin = 'begin', end = 'commit'): Promise<T> {
    await this.run(`${begin}; ${this.settingsOfTransactions}`);
    this.#isInTransaction = true;
    try {
      const result = await work();
      await this.run(end);
      return result;
    } catch (error) {
      // After a commit that failed there is nothing left to roll back; the first error is the one that counts.
      await this.run('rollback').catch(() => undefined);
      throw error;
    } finally {
      this.#isInTransaction = false;
    }
  }

  /** Runs `work` in the transaction that is open, or in one of its own. */
  async atomically<T>(work: () => Promise<T>): Promise<T> {
    return this.#isInTransaction ? work() : this.transaction(work);
  }

  /** Runs `work` so that its failure leaves the transaction usable. */
  async attempt<T>(name: string, work: () => Promise<T>): Promise<T> {
    await this.run(`savepoint ${name}`);
    try {
      const result = await work();
      await this.run(`release savepoint ${name}`);
      return result;
    } catch (error) {
      await this.run(`rollback to savepoint ${name}; release savepoint ${name}`);
      throw error;
    }
  }

  /** Ends the statement that runs now, if any, by a connection beside this one. */
  async cancel(): Promise<void> {
    const canceller = await this.#connect().catch((cause: unknown) => {
      throw connectionError(cause, this.warehouse);
    });
    try {
      await canceller.query('select pg_cancel_backend($1)', [this.facts.processId]);
    } finally {
      await canceller.end().catch(() => undefined);
    }
  }

  /** Ends what runs, here and at the server, which would otherwise work on until it writes to us again. */
  abandon(): void {
    void this.cancel().catch(() => undefined);
    void this.client.end().catch(() => undefined);
    (this.client.connection.stream as { destroy(): void }).destroy();
  }

  failure(cause: unknown, place: { sql?: string; where?: string } = {}): WhalecurveError {
    if (cause instanceof WhalecurveError) return cause;
    if (isState(cause, '42501') && this.facts.isReadOnly !== true) {
      return permissionError(cause, this.warehouse);
    }
    return statementError(cause, this.warehouse, place);
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  async #guarded<T>(sql: string, work: () => Promise<T>): Promise<T> {
    if (sql.includes('\0')) {
      // The protocol ends a statement there: the rest would be read as something else.
      throw new WhalecurveError('WC-ENGINE-002', 'the statement holds a NUL character');
    }
    try {
      return await work();
    } catch (cause) {
      throw this.failure(cause, { sql });
    }
  }
}
