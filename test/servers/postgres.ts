import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  url: string;
  /** Runs statements as the owner. */
  run(sql: string): Promise<void>;
  drop(): Promise<void>;
}

/** The server that `npm test` found or brought. */
export function postgresServerUrl(): string {
  return process.env.WHALECURVE_TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
}

/** A database of its own on that server, uniquely named; `drop` leaves nothing behind. */
export async function createPostgresDatabase(): Promise<TestDatabase> {
  const name = `whalecurve_test_${randomBytes(6).toString('hex')}`;
  await once(postgresServerUrl(), `create database ${name}`);
  const url = new URL(postgresServerUrl());
  url.pathname = `/${name}`;
  return {
    url: url.href,
    run: (sql) => once(url.href, sql),
    drop: () => once(postgresServerUrl(), `drop database if exists ${name} with (force)`),
  };
}

async function once(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
