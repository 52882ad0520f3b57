import mysql from 'mysql2';
import { nearestWord } from '../../../config/nearest-word.ts';
import type { DatabaseSession, SessionOptions, TextRow } from '../database-session.ts';
import { type Destination, destinationOf } from '../database-url.ts';
import { quotedPath } from '../quoted.ts';
import type { TableRequest } from '../source.ts';
import { sourceFailure } from '../source-failure.ts';
import { readTls } from '../tls.ts';
import { builder } from './builder.ts';
import { failureKind } from './failure-kind.ts';

export async function openSession(options: SessionOptions): Promise<MysqlSession> {
  const { source, config, folder, signal } = options;
  const destination = destinationOf(config.url, source);
  const tls = await readTls(config.tls, folder, source);
  const session = new MysqlSession(source, destination, {
    uri: config.url,
    connectTimeout: config.connect_timeout * 1000,
    charset: 'utf8mb4',
    connectAttributes: { program_name: 'whalecurve' },
    ...(tls === undefined || tls === false ? {} : { ssl: tls }),
  });
  await session.open(config.statement_timeout, signal);
  return session;
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
  readonly #connectionOptions: mysql.ConnectionOptions;
  readonly #end = new AbortController();
  #connectionId = '';
  #isCancelled = false;
  #cancelling: Promise<void> | undefined;
  #stopListening = () => {};

  constructor(source: string, destination: Destination, options: mysql.ConnectionOptions) {
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

  async open(statementTimeoutSeconds: number, signal?: AbortSignal): Promise<void> {
    if (signal !== undefined) {
      const cancel = () => this.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      this.#stopListening = () => signal.removeEventListener('abort', cancel);
      if (signal.aborted) this.cancel();
    }
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
          ? `set session max_statement_time = ${statementTimeoutSeconds}`
          : `set session max_execution_time = ${statementTimeoutSeconds * 1000}`,
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
    }
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
      const [, fields] = await this.connection.promise().query(sql);
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
    return sourceFailure(kind, { source: this.source, ...this.destination, request, hint }, cause);
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
    const [rows] = await this.connection.promise().query<(TextRow & mysql.RowDataPacket)[]>(options);
    return rows;
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
      await canceller.promise().query('kill query ?', [Number(this.#connectionId)]);
      await canceller.promise().end();
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
  const { stream } = connection as unknown as { stream: { destroy(): void } };
  stream.destroy();
}

function asText(field: { string(encoding?: string): string | null }): string | null {
  return field.string('utf8');
}
