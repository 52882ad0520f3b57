import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import type { TestDatabase } from './postgres.ts';

/** The server that `npm test` found or brought. */
export function mariadbServerUrl(): string {
  return process.env.WHALECURVE_TEST_MARIADB_URL ?? 'mysql://root@127.0.0.1:3306/';
}

/** A database of its own on that server, or on another, uniquely named; `drop` leaves nothing behind. */
export async function createMariadbDatabase(serverUrl = mariadbServerUrl()): Promise<TestDatabase> {
  const name = `whalecurve_test_${randomBytes(6).toString('hex')}`;
  await once(serverUrl, `create database ${name} character set utf8mb4`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    run: (sql) => once(url.href, sql),
    drop: () => once(serverUrl, `drop database if exists ${name}`),
  };
}

async function once(uri: string, sql: string): Promise<void> {
  const connection = await mysql.createConnection({ uri, multipleStatements: true });
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
