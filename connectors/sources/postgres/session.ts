import type { Socket } from 'node:net';
import pg from 'pg';
import type { DatabaseSession, SessionOptions, TextRow } from '../database-session.ts';
import { type DatabaseConfig, type Destination, destinationOf } from '../database-url.ts';
import { quoted, quotedPath } from '../quoted.ts';
import { type SilenceLimits, silenceError, silenceHint, silenceLimits, watchForSilence } from '../silence.ts';
import type { TableRequest } from '../source.ts';
import { messageOf, sourceFailure } from '../source-failure.ts';
import { readTls } from '../tls.ts';
import { builder } from './builder.ts';
import { failureKind } from './failure-kind.ts';

export async function openSession(options: SessionOptions): Promise<PostgresSession> {
  const { source, config, folder, signal } = options;
  const destination = destinationOf(config.url, source);
  const tls = await readTls(config.tls, folder, source);
  const clientConfig: pg.ClientConfig = {
    connectionString: config.url,
    connectionTimeoutMillis: config.connect_timeout * 1000,
    application_name: 'whalecurve',
    keepAlive: true,
    // The system's own default is two hours.
    keepAliveInitialDelayMillis: 30_000,
    types: { getTypeParser: () => (text: string) => text },
    ...(tls === undefined ? {} : { ssl: tls }),
  };
  const session = new PostgresSession(source, destination, clientConfig, silenceLimits(config));
  await session.open(config, signal);
  return session;
}

export class PostgresSession implements DatabaseSession {
  readonly source: string;
  readonly destination: Destination;
  readonly client: pg.Client;
  /** `PostgreSQL 15.3` */
  server = '';
  /** Of the database's text: `UTF8`, `LATIN1`, `SQL_ASCII`. */
  encoding = '';
  readonly #clientConfig: pg.ClientConfig;
  readonly #limits: SilenceLimits;
  #processId = '';
  #isOver = false;
  #isCancelled = false;
  #silence: Error | undefined;
  #cancelling: Promise<void> | undefined;
  #stopListening = () => {};

  constructor(
    source: string,
    destination: Destination,
    clientConfig: pg.ClientConfig,
    limits: SilenceLimits,
  ) {
    this.source = source;
    this.destination = destination;
    this.#clientConfig = clientConfig;
    this.#limits = limits;
    this.client = new pg.Client(clientConfig);
    // A connection that breaks between two statements reports it here; the next statement fails and says so.
    this.client.on('error', () => {
      this.#isOver = true;
    });
  }

  async open(config: DatabaseConfig, signal?: AbortSignal): Promise<void> {
    if (signal !== undefined) {
      const cancel = () => this.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      this.#stopListening = () => signal.removeEventListener('abort', cancel);
      if (signal.aborted) this.#isCancelled = true;
    }
    let stopWatching = () => {};
    try {
      if (this.#isCancelled) throw new Error('cancelled before it was opened');
      await this.client.connect();
      stopWatching = this.watch({ first: config.connect_timeout, next: config.connect_timeout });
      // `set local`, so that behind a pooler the settings go to the connection that holds the transaction.
      await this.client.query(`
        begin isolation level repeatable read read only;
        set local default_transaction_read_only = on;
        set local timezone = 'UTC';
        set local client_encoding = 'UTF8';
        set local datestyle = 'ISO, YMD';
        set local intervalstyle = 'iso_8601';
        set local bytea_output = 'hex';
        set local extra_float_digits = 3;
        set local application_name = 'whalecurve';
        set local statement_timeout = ${config.statement_timeout * 1000};
        set local idle_in_transaction_session_timeout = 0;
        set local synchronize_seqscans = off`);
      // The first query, not BEGIN, is what fixes the instant that the transaction sees.
      const { rows } = await this.client.query<TextRow>(
        `select pg_backend_pid() as pid, current_setting('server_version') as version, current_user as login,
                current_setting('server_encoding') as encoding`,
      );
      this.#processId = rows[0]?.pid ?? '';
      this.server = `PostgreSQL ${rows[0]?.version?.split(' ')[0] ?? ''}`;
      this.encoding = rows[0]?.encoding ?? '';
      this.destination.user = rows[0]?.login ?? this.destination.user;
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
      () => streamOf(this.client),
      limits,
      isHeldBack,
      (seconds) => {
        this.#silence = silenceError(seconds);
        this.#isOver = true;
        this.#cancelling = this.#cancelAtServer();
        streamOf(this.client).destroy(this.#silence);
      },
    );
  }

  /** Small results only: every value as PostgreSQL's text. */
  async query(
    sql: string,
    options: { values?: readonly unknown[]; request?: TableRequest } = {},
  ): Promise<{ rows: TextRow[]; fields: pg.FieldDef[] }> {
    const stopWatching = this.watch();
    try {
      return await this.client.query<TextRow>({ text: sql, values: [...(options.values ?? [])] });
    } catch (cause) {
      throw this.failure(cause, options.request);
    } finally {
      stopWatching();
    }
  }

  /** Runs `work` so that its failure leaves the transaction usable. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    await this.query('savepoint attempt');
    try {
      return await work();
    } catch (error) {
      if (this.#isOver) throw error;
      await this.query('rollback to savepoint attempt');
      throw error;
    }
  }

  failure(cause: unknown, request?: TableRequest, hint?: string) {
    const kind = this.#isCancelled ? 'cancelled' : failureKind(cause, request);
    let advice = this.#silence === undefined ? hint : silenceHint;
    if (kind === 'permission' && request !== undefined) advice = this.#grant(cause, request);
    // The driver says of a silent connection only that it ended.
    const reason = this.#isCancelled ? cause : (this.#silence ?? cause);
    return sourceFailure(kind, { source: this.source, ...this.destination, request, hint: advice }, reason);
  }

  /** Stops what runs, here and at the server, which would otherwise work on until it writes to us again. */
  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isCancelled = true;
    this.#cancelling = this.#cancelAtServer();
    void this.client.end().catch(() => undefined);
    streamOf(this.client).destroy();
  }

  async close(): Promise<void> {
    this.#stopListening();
    await this.#cancelling;
    if (this.#isOver) return;
    this.#isOver = true;
    await this.client.end();
  }

  #grant(cause: unknown, request: TableRequest): string | undefined {
    if (request.table.query !== undefined) return undefined;
    const path = request.name.split('.');
    const grant = /schema/.test(messageOf(cause))
      ? builder.raw('grant usage on schema ? to ?', [
          quoted(builder, path[0] ?? ''),
          quoted(builder, this.destination.user),
        ])
      : builder.raw('grant select on ? to ?', [
          quotedPath(builder, path),
          quoted(builder, this.destination.user),
        ]);
    return `as the owner: ${grant.toQuery()}`;
  }

  async #cancelAtServer(): Promise<void> {
    if (this.#processId === '') return;
    const canceller = new pg.Client({ ...this.#clientConfig, query_timeout: cancelTimeoutMs });
    canceller.on('error', () => {});
    try {
      await canceller.connect();
      await canceller.query('select pg_cancel_backend($1)', [this.#processId]);
      await canceller.end();
    } catch {
      // A server that takes no second connection notices the closed socket in its own time: nothing is lost.
    }
  }
}

/** The same fault that made us cancel may hold back the cancelling. */
const cancelTimeoutMs = 5000;

/** The driver's own socket, which its types do not show. */
function streamOf(client: pg.Client): Socket {
  return client.connection.stream as Socket;
}
