import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  url: string;
  /** Runs statements as the owner of the server. */
  run(sql: string): Promise<void>;
  drop(): Promise<void>;
}

/** The server that `npm test` found or brought. */
export function postgresServerUrl(): string {
  return process.env.WHALECURVE_TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
}

export interface PostgresServer {
  /** `PostgreSQL, as found` */
  name: string;
  url: string;
}

/** Every PostgreSQL that tests of the engine run on: the one that was found, and 18 where `npm test` started it. */
export function postgresServers(): PostgresServer[] {
  const newest = process.env.WHALECURVE_TEST_POSTGRES_18_URL;
  const found = { name: 'PostgreSQL, as found', url: postgresServerUrl() };
  if (newest !== undefined) return [found, { name: 'PostgreSQL 18', url: newest }];
  process.stderr.write(
    'PostgreSQL 18 is left out: `npm test` starts it, or WHALECURVE_TEST_POSTGRES_18_URL names it\n',
  );
  return [found];
}

/** A database of its own on that server, uniquely named; `drop` leaves nothing behind. */
export async function createPostgresDatabase(server = postgresServerUrl()): Promise<TestDatabase> {
  const name = uniqueName();
  await runOnce(server, `create database ${name}`);
  const url = atDatabase(server, name);
  return {
    url,
    run: (sql) => runOnce(url, sql),
    drop: () => runOnce(server, `drop database if exists ${name} with (force)`),
  };
}

/**
 * A database for a warehouse, as a user would have it: its owner is a login without any other right, and its
 * collation sorts by the rules of a language, which the engine may not depend on. `url` is that of its owner.
 */
export async function createWarehouseDatabase(server = postgresServerUrl()): Promise<TestDatabase> {
  const name = uniqueName();
  const password = randomBytes(6).toString('hex');
  await runOnce(server, `create role ${name} login password '${password}'`);
  // PostgreSQL 15 is the first whose databases can sort by ICU; before, the tests take the locale of the server.
  const locale = (await versionOf(server)) < 150_000 ? '' : "locale_provider icu icu_locale 'en-US'";
  await runOnce(server, `create database ${name} owner ${name} template template0 encoding 'UTF8' ${locale}`);
  const asServerOwner = atDatabase(server, name);
  const url = new URL(asServerOwner);
  url.username = name;
  url.password = password;
  return {
    url: url.href,
    run: (sql) => runOnce(asServerOwner, sql),
    drop: async () => {
      await runOnce(server, `drop database if exists ${name} with (force)`);
      await runOnce(server, `drop role if exists ${name}`);
    },
  };
}

/** Runs statements on a connection of their own. */
export async function runOnce(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** `150003` for 15.3 */
async function versionOf(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query('show server_version_num');
    return Number(rows[0]?.server_version_num);
  } finally {
    await client.end();
  }
}

function uniqueName(): string {
  return `whalecurve_test_${randomBytes(6).toString('hex')}`;
}

function atDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
