import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'dotenv';
import pg from 'pg';
import { loadConfig } from '../../config/load-config.ts';
import { packageRoot } from '../../config/package-root.ts';
import { seedCompany } from '../../demo/seed/seed-company.ts';
import { askMysql, askPostgres } from '../demo/ask-servers.ts';
import { createMariadbDatabase } from '../servers/mariadb.ts';
import { type OwnPostgres, startOwnPostgres } from '../servers/own-postgres.ts';
import type { TestDatabase } from '../servers/postgres.ts';
import { composeFile, composeScript } from './compose-file.ts';

const compose = await composeFile();
const example = await readFile(join(packageRoot(), 'config', '.env.example'), 'utf8');
const environment = parse(example);
const company = { customers: 5, seed: 1, keepsSame: false, signal: new AbortController().signal };

describe('config/.env.example', () => {
  it('has every variable of config/nightly.yml and of the variant that it shows, and no other', async () => {
    const text = await readFile(join(packageRoot(), 'config', 'nightly.yml'), 'utf8');
    const named = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(environment).sort()).toEqual([...new Set(named)].sort());
    const config = await loadConfig(join(packageRoot(), 'config', 'nightly.yml'), environment);
    expect(config.warehouse).toMatchObject({ engine: 'postgres', url: environment.WAREHOUSE_URL });
    expect(Object.entries(config.sources).map(([name, { type }]) => `${name}=${type}`)).toEqual([
      'finance=postgres',
      'sales=mysql',
      'service=mysql',
      'marketing=files',
    ]);
  });

  it('names the ports that the stack opens on this machine', () => {
    for (const [variable, url] of Object.entries(environment)) {
      const { hostname, port } = new URL(url);
      const name = variable.replace('_URL', '').toLowerCase();
      expect([name, compose.services[name]?.ports?.[0]]).toEqual([
        name,
        expect.stringMatching(`^${hostname}:${port}:`),
      ]);
    }
  });
});

describe('the logins of the stack on PostgreSQL', () => {
  let server: OwnPostgres;

  beforeAll(async () => {
    server = await startOwnPostgres();
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = compose.services.finance?.environment ?? {};
    await server.run(`create role ${POSTGRES_USER} superuser login password '${POSTGRES_PASSWORD}'`);
    await server.run(`create database ${POSTGRES_DB} owner ${POSTGRES_USER}`);
    await runScript(ownerUrl(), await composeScript('finance'));
    for (const statement of (await composeScript('warehouse')).split(';\n')) await server.run(statement);
    await seedCompany({ ...company, places: { finance: ownerUrl() } });
  });
  afterAll(() => server.stop());

  it('let Whalecurve read finance, and nothing more', async () => {
    const url = here(environment.FINANCE_URL ?? '');
    expect(await askPostgres(url, 'select count(*) > 0 from billing.customers')).toEqual([['t']]);
    for (const statement of [
      'delete from billing.customers',
      'create table billing.mine (id int)',
      'create temporary table mine (id int)',
      'set transaction read write; create schema mine',
    ]) {
      await expect(askPostgres(url, statement)).rejects.toThrow(/permission denied|read-only/);
    }
    // Also where the default of the role is turned off.
    const unbound = `${url}?options=-c%20default_transaction_read_only%3Doff`;
    await expect(askPostgres(unbound, 'delete from billing.customers')).rejects.toThrow(/permission denied/);
    await expect(askPostgres(unbound, 'create table billing.mine (id int)')).rejects.toThrow(
      /permission denied/,
    );
  });

  it('still let it read after the company was seeded anew', async () => {
    await seedCompany({ ...company, places: { finance: ownerUrl() } });
    const url = here(environment.FINANCE_URL ?? '');
    expect(await askPostgres(url, 'select count(*) > 0 from billing.payments')).toEqual([['t']]);
  });

  it('let it own the warehouse without being more than that', async () => {
    const url = here(environment.WAREHOUSE_URL ?? '');
    await askPostgres(
      url,
      'create schema mine; create unlogged table mine.one (id int); drop schema mine cascade',
    );
    expect(
      await askPostgres(
        url,
        `select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls,
                pg_encoding_to_char(encoding), pg_get_userbyid(datdba)
           from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
      ),
    ).toEqual([['f', 'UTF8', 'whalecurve']]);
  });

  it('keep each out of the database of the other', async () => {
    const finance = new URL(here(environment.FINANCE_URL ?? ''));
    finance.pathname = '/warehouse';
    await expect(askPostgres(finance.href, 'select 1')).rejects.toThrow(/permission denied for database/);
    const warehouse = new URL(here(environment.WAREHOUSE_URL ?? ''));
    warehouse.pathname = '/finance';
    await expect(askPostgres(warehouse.href, 'select 1')).rejects.toThrow(/permission denied for database/);
  });

  function ownerUrl(): string {
    return here(compose.services.seed?.environment?.SEED_FINANCE_URL ?? '');
  }

  function here(url: string): string {
    const moved = new URL(url);
    moved.hostname = 'localhost';
    moved.port = String(server.port);
    return moved.href;
  }
});

describe.each(['sales', 'service'] as const)('the login of the stack for %s, on MariaDB', (silo) => {
  let database: TestDatabase;
  let readerUrl: string;
  const reader = `whalecurve_test_${randomBytes(6).toString('hex')}`;

  beforeAll(async () => {
    database = await createMariadbDatabase();
    const documented = new URL(environment[`${silo.toUpperCase()}_URL`] ?? '');
    const name = new URL(database.url).pathname.slice(1);
    const script = (await composeScript(silo))
      .replaceAll(documented.username, reader)
      .replaceAll(` ${documented.pathname.slice(1)}.*`, ` ${name}.*`);
    expect(script).toContain(name);
    await database.run(script);
    await seedCompany({ ...company, places: { [silo]: database.url } });
    const url = new URL(database.url);
    url.username = reader;
    url.password = documented.password;
    readerUrl = url.href;
  });
  afterAll(async () => {
    await database.run(`drop user if exists '${reader}'@'%'`);
    await database.drop();
  });

  it('may read its tables, and nothing more', async () => {
    const table = silo === 'sales' ? 'customers' : 'contacts';
    expect(await askMysql(readerUrl, `select count(*) > 0 from ${table}`)).toEqual([['1']]);
    for (const statement of [
      `delete from ${table}`,
      'create table mine (id int)',
      'select * from mysql.user',
    ]) {
      await expect(askMysql(readerUrl, statement)).rejects.toThrow(/denied/);
    }
    const grants = await askMysql(readerUrl, 'show grants');
    expect(grants).toHaveLength(2);
    expect(grants[0]?.[0]).toMatch(/^GRANT USAGE/);
    expect(grants[1]?.[0]).toMatch(/^GRANT SELECT ON `\w+`\.\*/);
  });
});

async function runScript(connectionString: string, script: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(script);
  } finally {
    await client.end();
  }
}
