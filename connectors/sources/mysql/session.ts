import type { Socket } from 'node:net';
import mysql from 'mysql2';
import { nearestWord } from '../../../config/nearest-word.ts';
import type { DatabaseSession, SessionOptions, TextRow } from '../database-session.ts';
import { type DatabaseConfig, type Destination, destinationOf } from '../database-url.ts';
import { quotedPath } from '../quoted.ts';
import { type SilenceLimits, silenceError, silenceHint, silenceLimits, watchForSilence } from '../silence.ts';
import type { TableRequest } from '../source.ts';
import { sourceFailure } from '../source-failure.ts';
import { readTls } from '../tls.ts';
import { builder } from './builder.ts';
import { failureKind } from './failure-kind.ts';

export async function openSession(options: SessionOptions): Promise<MysqlSession> {
  const { source, config, signal } = options;
  const destination = destinationOf(config.url, source);
  const connectionOptions = await connectionOptionsOf(options);
  const session = new MysqlSession(source, destination, connectionOptions, silenceLimits(config));
  await session.open(config, signal);
  return session;
}

/** What every connection to the source is made with. */
export async function connectionOptionsOf({ source, config, folder }: SessionOptions) {
  const tls = await readTls(config.tls, folder, source);
  return {
    uri: config.url,
    // The system's own default is two hours.
    keepAliveInitialDelay: 30_000,
    connectTimeout: config.connect_timeout * 1000,
    charset: 'utf8mb4',
    connectAttributes: { program_name: 'whalecurve' },
    ...(tls === undefined || tls === false ? {} : { ssl: tls }),
  };
}

export class MysqlSession implements DatabaseSession {
  readonly source: string;
  readonly destination: Destination;
  readonly connection: mysql.Connection;
  /** `MariaDB 10.11.6` */
  server = '';
  /** That of the URL, or empty. */
  database = '';
  /** Every table that the login sees, once it has been asked for. */
  tables: { schema: string; table: string; isCurrent: boolean }[] | undefined;
  /** Names of the tables whose rows held lone surrogates when they were read. */
  readonly withSurrogates = new Set<string>();
  readonly #connectionOptions: mysql.ConnectionOptions;
  readonly #limits: SilenceLimits;
  readonly #end = new AbortController();
  #connectionId = '';
  #isCancelled = false;
  #silence: Error | undefined;
  #cancelling: Promise<void> | undefined;
  #stopListening = () => {};

  constructor(
    source: string,
    destination: Destination,
    options: mysql.ConnectionOptions,
    limits: SilenceLimits,
  ) {
    this.#limits = limits;
    this.source = source;
    this.destination = destination;
    this.#connectionOptions = options;
    this.connection = mysql.createConnection(options);
    // A connection lost while rows stream in is reported here and not by the query.
    this.connection.on('error', (cause) => this.#end.abort(cause));
  }

  /** Aborted, with the cause as its reason, once the connection is lost or the session cancelled. */
  get over(): AbortSignal {
    return this.#end.signal;
  }

  async open(config: DatabaseConfig, signal?: AbortSignal): Promise<void> {
    if (signal !== undefined) {
      const cancel = () => this.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      this.#stopListening = () => signal.removeEventListener('abort', cancel);
      if (signal.aborted) this.cancel();
    }
    const stopWatching = this.watch({ first: config.connect_timeout, next: config.connect_timeout });
    try {
      this.over.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        this.over.addEventListener('abort', () => reject(this.over.reason), { once: true });
        this.connection.connect((cause) => (cause === null ? resolve() : reject(cause)));
      });
      const [about] = await this.#rows(
        'select version() as version, current_user() as login, connection_id() as id, database() as name',
      );
      this.#connectionId = about?.id ?? '';
      this.database = about?.name ?? '';
      this.destination.user = about?.login ?? this.destination.user;
      const version = about?.version ?? '';
      const isMariadb = /mariadb/i.test(version);
      this.server = `${isMariadb ? 'MariaDB' : 'MySQL'} ${version.split('-')[0]}`;
      for (const statement of [
        'set names utf8mb4',
        "set session time_zone = '+00:00'",
        // Without ORACLE, PAD_CHAR_TO_FULL_LENGTH and NO_BACKSLASH_ESCAPES, which change what a SELECT means.
        "set session sql_mode = ''",
        // The server must wait while a full disk or a slow engine holds the bytes back: its default is 60 s.
        'set session net_write_timeout = 3600, session wait_timeout = 28800',
        isMariadb
          ? `set session max_statement_time = ${config.statement_timeout}`
          : // MySQL knows it from 5.7.8; before, only its client's patience ends a statement.
            `set @none = null /*!50708, session max_execution_time = ${config.statement_timeout * 1000} */`,
        'set session transaction isolation level repeatable read',
        'set session transaction read only',
        'start transaction with consistent snapshot, read only',
      ]) {
        await this.#rows(statement);
      }
    } catch (cause) {
      const failure = this.failure(cause);
      await this.close();
      throw failure;
    } finally {
      stopWatching();
    }
  }

  /** Gives up the connection, and with it what runs on it, once the server has been silent for too long. */
  watch(limits = this.#limits, isHeldBack = () => false): () => void {
    return watchForSilence(
      () => socketOf(this.connection),
      limits,
      isHeldBack,
      (seconds) => {
        this.#cancelling = this.#cancelAtServer();
        this.#silence = silenceError(seconds);
        this.#end.abort(this.#silence);
        hangUp(this.connection);
      },
    );
  }

  /** Small results only: every value as the server's text. */
  async query(
    sql: string,
    options: { values?: readonly string[]; request?: TableRequest } = {},
  ): Promise<TextRow[]> {
    try {
      return await this.#rows(sql, options.values);
    } catch (cause) {
      throw this.failure(cause, options.request);
    }
  }

  /** The columns of a SELECT, which should give no rows. */
  async fields(sql: string, request: TableRequest): Promise<mysql.FieldPacket[]> {
    try {
      const [, fields] = await this.#orOver(this.connection.promise().query(sql));
      return fields;
    } catch (cause) {
      throw this.failure(cause, request);
    }
  }

  failure(cause: unknown, request?: TableRequest) {
    const kind = this.#isCancelled ? 'cancelled' : failureKind(cause, request);
    let hint: string | undefined;
    if (kind === 'permission' && request !== undefined && request.table.query === undefined) {
      const [user = '', host = '%'] = this.destination.user.split('@');
      const table = quotedPath(builder, request.name.split('.'));
      hint = `as the owner: ${builder.raw('grant select on ? to ?@?', [table, user, host]).toQuery()}`;
    }
    if (kind === 'table' && request !== undefined) hint = this.#nearestTable(request.name);
    if (this.#silence !== undefined) hint = silenceHint;
    const reason = this.#isCancelled ? cause : (this.#silence ?? cause);
    return sourceFailure(kind, { source: this.source, ...this.destination, request, hint }, reason);
  }

  /** Stops what runs, here and at the server. */
  cancel(): void {
    if (this.over.aborted) return;
    this.#isCancelled = true;
    this.#cancelling = this.#cancelAtServer();
    this.#end.abort(new Error('cancelled'));
    hangUp(this.connection);
  }

  async close(): Promise<void> {
    this.#stopListening();
    await this.#cancelling;
    if (this.over.aborted) {
      hangUp(this.connection);
      return;
    }
    await this.connection.promise().end();
  }

  async #rows(sql: string, values: readonly string[] = []): Promise<TextRow[]> {
    const options = { sql, values: [...values], typeCast: asText };
    const query = this.connection.promise().query<(TextRow & mysql.RowDataPacket)[]>(options);
    const stopWatching = this.watch();
    try {
      const [rows] = await this.#orOver(query);
      return rows;
    } finally {
      stopWatching();
    }
  }

  /** The driver does not end a query of a connection that we hung up. */
  async #orOver<T>(query: Promise<T>): Promise<T> {
    query.catch(() => {});
    let onOver = () => {};
    const over = new Promise<never>((_, reject) => {
      onOver = () => reject(this.over.reason);
      this.over.addEventListener('abort', onOver, { once: true });
    });
    try {
      this.over.throwIfAborted();
      return await Promise.race([query, over]);
    } finally {
      this.over.removeEventListener('abort', onOver);
    }
  }

  #nearestTable(name: string): string | undefined {
    const names = (this.tables ?? []).map(({ schema, table }) =>
      name.includes('.') ? `${schema}.${table}` : table,
    );
    const nearest = nearestWord(name, names);
    return nearest === undefined ? undefined : `did you mean ${nearest}?`;
  }

  async #cancelAtServer(): Promise<void> {
    if (this.#connectionId === '') return;
    const canceller = mysql.createConnection(this.#connectionOptions);
    canceller.on('error', () => {});
    try {
      await canceller.promise().query({
        sql: `kill query ${Number(this.#connectionId)}`,
        timeout: cancelTimeoutMs,
      });
      canceller.end();
    } catch {
      // A server that takes no second connection notices the closed socket in its own time: nothing is lost.
      hangUp(canceller);
    }
  }
}

/**
 * The driver's own `destroy` only says goodbye and then waits for the bytes still under way, which nobody takes
 * any more: the server would hold the transaction, and its locks, for ever.
 */
function hangUp(connection: mysql.Connection): void {
  connection.destroy();
  socketOf(connection).destroy();
}

/** The driver's own socket, which its types do not show; once TLS is agreed on, another. */
export function socketOf(connection: mysql.Connection): Socket {
  return (connection as unknown as { stream: Socket }).stream;
}

/** The same fault that made us cancel may hold back the cancelling. */
const cancelTimeoutMs = 5000;

function asText(field: { string(encoding?: string): string | null }): string | null {
  return field.string('utf8');
}
