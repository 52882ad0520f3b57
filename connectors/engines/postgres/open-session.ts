import pg from 'pg';
import { WhalecurveError } from '../../../config/error.ts';
import { readTls, type TlsOptions } from '../../sources/tls.ts';
import type { PostgresWarehouse } from '../warehouse-config.ts';
import { connectionError } from './engine-error.ts';
import { postgresName } from './server-name.ts';
import { PostgresSession, type SessionOptions } from './session.ts';
import { sessionSettings } from './session-settings.ts';

const oldestVersion = 130000;

/**
 * One connection to the warehouse server, its settings made and the server looked at.
 *
 * @throws WC-ENGINE-005 if the server cannot be reached, refuses the login, is older than 13 or not in UTF8
 */
export async function openSession(
  warehouse: PostgresWarehouse,
  options: SessionOptions,
): Promise<PostgresSession> {
  const tls = await tlsOf(warehouse);
  const connect = async () => {
    const client = new pg.Client({
      connectionString: warehouse.url,
      connectionTimeoutMillis: warehouse.connect_timeout * 1000,
      application_name: options.applicationName,
      keepAlive: true,
      keepAliveInitialDelayMillis: 15_000,
      types: { getTypeParser: () => (text: string) => text },
      ...(tls === undefined ? {} : { ssl: tls }),
    });
    // A connection that breaks between two statements reports it here; the next statement fails and says so.
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  postgresName(warehouse);
  let client: pg.Client | undefined;
  try {
    client = await connect();
    const session = await prepared(client, connect, warehouse, options);
    return session;
  } catch (cause) {
    await client?.end().catch(() => undefined);
    throw cause instanceof WhalecurveError ? cause : connectionError(cause, warehouse);
  }
}

async function prepared(
  client: pg.Client,
  connect: () => Promise<pg.Client>,
  warehouse: PostgresWarehouse,
  options: SessionOptions,
): Promise<PostgresSession> {
  const { rows } = await client.query(
    `select current_setting('server_version') as version, current_setting('server_version_num') as number,
       current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby, pg_backend_pid() as pid`,
  );
  const { version, number, encoding, standby, pid } = rows[0];
  const server = postgresName(warehouse);
  const refused = (message: string, hint: string) =>
    new WhalecurveError('WC-ENGINE-005', message, { where: 'warehouse', hint });
  if (Number(number) < oldestVersion) {
    throw refused(`${server} runs PostgreSQL ${version}`, 'the warehouse needs version 13 or a later one');
  }
  if (encoding !== 'UTF8') {
    throw refused(
      `${server} is in encoding ${encoding}, which cannot hold every text`,
      "make another database: create database … encoding 'UTF8' template template0",
    );
  }
  if (standby === 't' && options.isReadOnly !== true) {
    throw refused(`${server} is a standby, where nothing can be written`, 'name the primary server');
  }
  await client.query(sessionSettings(warehouse, Number(number)));
  return new PostgresSession(client, connect, warehouse, {
    ...options,
    version: String(version).split(' ')[0] ?? '',
    versionNumber: Number(number),
    processId: String(pid),
  });
}

async function tlsOf({ tls }: PostgresWarehouse): Promise<TlsOptions | false | undefined> {
  try {
    return await readTls(tls, '', 'warehouse');
  } catch (error) {
    if (!(error instanceof WhalecurveError)) throw error;
    const { message, where, hint, cause } = error;
    throw new WhalecurveError('WC-ENGINE-005', message, { where, hint, cause });
  }
}
