import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Cell, Engine, Row } from '../../connectors/engines/engine.ts';
import { computedSteps } from '../../transforms/computed-steps.ts';
import { loadModels } from '../../transforms/load-models.ts';
import { readPrelude } from '../../transforms/prelude/read-prelude.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';
import { type Company, openState, runStages } from './hand-made-company.ts';

/** A little of everything: shared and missing values, every entity, all kinds of cost, two nights' worth of names. */
const company: Company = {
  accounts: [
    {
      source: 'crm',
      account_ref: '1',
      full_name: 'Dr. Élise Müller',
      email: 'Elise.Mueller+x@gmail.com',
      country: 'DE',
      phone: '0221 2234577',
      updated_at: '2024-05-01 10:00:00',
    },
    {
      source: 'erp',
      account_ref: 'A7',
      given_name: 'Elise',
      family_name: 'Mueller',
      email: 'elisemueller@gmail.com',
      country: 'Germany',
      other_refs: 'crm:1 shop:S9',
    },
    { source: 'shop', account_ref: 'S9', full_name: 'Mueller, Elise', postcode: ' 50667 ', consent: false },
    {
      source: 'erp',
      account_ref: 'B1',
      kind: 'company',
      company_name: 'Acme GmbH',
      tax_id: 'DE 123456789',
      industry: 'tools',
    },
    {
      source: 'desk',
      account_ref: 'T1',
      company_name: 'ACME Gesellschaft mbH',
      tax_id: 'DE123456789',
      email: 'info@acme.example',
    },
    { source: 'crm', account_ref: '2', full_name: 'Bob Test', email: 'test@test.com', phone: '0000000' },
    {
      source: 'crm',
      account_ref: '3',
      given_name: 'Liz',
      family_name: "O'Neil",
      phone: '+44 20 7946 0018',
      date_of_birth: '1980-02-03',
    },
    {
      source: 'shop',
      account_ref: 'S3',
      given_name: 'Elizabeth',
      family_name: 'ONeil',
      phone: '020 7946 0018',
      country: 'GB',
      date_of_birth: '1980-02-03',
    },
  ],
  purchases: [
    {
      source: 'shop',
      purchase_ref: 'o1',
      account_ref: 'S9',
      ordered_at: '2024-03-01 09:00:00',
      category: 'tools',
      quantity: 2,
      gross_amount: 33.35,
      discount_amount: 3.35,
      net_amount: 30,
      cost_amount: 10.0001,
    },
    {
      source: 'shop',
      purchase_ref: 'o1',
      account_ref: 'S9',
      ordered_at: '2024-03-01 09:00:00',
      net_amount: 0.0001,
    },
    {
      source: 'shop',
      purchase_ref: 'o2',
      account_ref: 'S9',
      ordered_at: '2024-11-05 23:59:59',
      net_amount: 100.01,
    },
    {
      source: 'erp',
      purchase_ref: 'e1',
      account_ref: 'B1',
      ordered_at: '2022-01-02 00:00:00',
      net_amount: 1234.5678,
    },
    {
      source: 'erp',
      purchase_ref: 'e2',
      account_ref: 'unknown',
      ordered_at: '2024-12-31 12:00:00',
      net_amount: -5,
    },
    {
      source: 'shop',
      purchase_ref: 'o3',
      account_ref: 'S3',
      ordered_at: '2024-06-30 12:00:00',
      net_amount: 7,
    },
  ],
  payments: [
    {
      source: 'erp',
      payment_ref: 'p1',
      account_ref: 'B1',
      invoiced_at: '2024-02-01 00:00:00',
      due_at: '2024-02-15 00:00:00',
      paid_at: '2024-03-20 00:00:00',
      amount: 400,
      status: 'settled',
    },
    {
      source: 'erp',
      payment_ref: 'p2',
      account_ref: 'B1',
      invoiced_at: '2024-01-01 00:00:00',
      due_at: '2024-01-15 00:00:00',
      amount: 33.33,
      status: 'open',
    },
    {
      source: 'erp',
      payment_ref: 'p3',
      account_ref: 'A7',
      invoiced_at: '2024-12-01 00:00:00',
      due_at: '2024-12-15 00:00:00',
      amount: 1,
      status: 'charged_back',
    },
  ],
  returns: [
    {
      source: 'shop',
      return_ref: 'r1',
      account_ref: 'S9',
      purchase_ref: 'o1',
      returned_at: '2024-04-01 00:00:00',
      quantity: 1,
      refund_amount: 15,
    },
  ],
  tickets: [
    {
      source: 'desk',
      ticket_ref: 't1',
      account_ref: 'T1',
      opened_at: '2024-08-01 10:00:00',
      channel: 'phone',
      category: 'complaint',
      handling_minutes: 12.5,
      satisfaction: 2,
    },
    {
      source: 'desk',
      ticket_ref: 't2',
      account_ref: 'T1',
      opened_at: '2024-08-01 11:00:00',
      channel: 'email',
      cost_amount: 3.21,
      satisfaction: 5,
    },
    { source: 'desk', ticket_ref: 't3', account_ref: 'T1', opened_at: '2024-08-02 11:00:00' },
  ],
  campaign_responses: [
    {
      source: 'crm',
      account_ref: '1',
      campaign: 'spring',
      occurred_at: '2024-04-01 08:00:00',
      event: 'sent',
      channel: 'email',
    },
    {
      source: 'crm',
      account_ref: '1',
      campaign: 'spring',
      occurred_at: '2024-04-01 09:00:00',
      event: 'responded',
      channel: 'email',
    },
    {
      source: 'crm',
      account_ref: '2',
      campaign: 'spring',
      occurred_at: '2024-04-01 08:00:00',
      event: 'sent',
      channel: 'mail',
      cost_amount: 0.9,
    },
  ],
  surveys: [
    { source: 'crm', account_ref: '1', occurred_at: '2024-04-02 08:00:00', kind: 'nps', score: 9, scale: 10 },
  ],
  visits: [
    { source: 'shop', account_ref: 'S3', occurred_at: '2024-04-02 08:00:00', seconds: 33.5, pages: 4 },
  ],
  social: [{ source: 'crm', account_ref: '3', occurred_at: '2024-04-02 08:00:00', kind: 'like' }],
  referrals: [{ source: 'crm', referrer_ref: '1', referred_ref: '3', occurred_at: '2024-01-01 00:00:00' }],
  preferences: [{ source: 'crm', account_ref: '3', name: 'tea', value: 'green' }],
};

let database: TestDatabase;
let client: pg.Client;
let postgres: Engine;
let duckdb: Engine;

beforeAll(async () => {
  duckdb = await openState();
  database = await createPostgresDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    "create schema whalecurve; set time zone 'UTC'; set search_path = whalecurve, pg_catalog",
  );
  await client.query(await readPrelude('postgres'));
  postgres = engineOn(client);
});

afterAll(async () => {
  await duckdb.close();
  await client.end();
  await database.drop();
});

describe('the models', () => {
  it('give the same tables on PostgreSQL as on DuckDB, row for row, on two nights', async () => {
    for (const night of [company, withoutLastAccount(company)]) {
      await runStages(duckdb, night);
      await runStages(postgres, night);
      const steps = [...(await loadModels()), ...computedSteps()];
      const tables = steps.map(({ table, header }) => ({
        name: `${table.schema}.${table.table}`,
        columns: Object.keys(header.columns),
      }));
      for (const { name, columns } of tables) {
        expect({ name, rows: await rowsOf(postgres, name, columns) }).toEqual({
          name,
          rows: await rowsOf(duckdb, name, columns),
        });
      }
    }
  });
});

/** The second night: an account is gone, so its customer is split or shrinks. */
function withoutLastAccount(all: Company): Company {
  return { ...all, accounts: (all.accounts ?? []).slice(0, -1) };
}

/**
 * Rows as text, in one order. Numbers with twelve decimals: 0 and 0.0000 are one amount, and the engines add
 * doubles up in different orders.
 */
async function rowsOf(engine: Engine, table: string, columns: readonly string[]): Promise<string[]> {
  const types = await engine.describe(`select * from ${table}`);
  const cells = columns.map((column) => {
    const type = types.find(({ name }) => name === column)?.type.toLowerCase() ?? '';
    const isFractional = /^(double|numeric|decimal)/.test(type);
    return `coalesce(cast(${isFractional ? `cast("${column}" as decimal(30, 12))` : `"${column}"`} as text), '~')`;
  });
  const rows = await engine.query<{ line: string }>(
    `select ${cells.join(" || ' | ' || ")} as line from ${table}`,
  );
  return rows.map(({ line }) => line).sort();
}

/** As much of an engine as the models need; the engine `postgres` itself is not there yet. */
function engineOn(connection: pg.Client): Engine {
  const query = async (sql: string, parameters: readonly Cell[] = []) =>
    connection.query(sql, [...parameters]);
  const absent = () => Promise.reject(new Error('not needed by a model'));
  const engine: Engine = {
    kind: 'postgres',
    run: async (sql, parameters) => (await query(sql, parameters)).rowCount ?? 0,
    query: async <R extends Row = Row>(sql: string, parameters?: readonly Cell[]) =>
      (await query(sql, parameters)).rows as R[],
    transaction: async (work) => {
      await query('begin');
      const result = await work();
      await query('commit');
      return result;
    },
    describe: async (sql) => {
      const { fields } = await query(`select * from (${sql}) as described limit 0`);
      const { rows } = await query(
        'select format_type(id, modifier) as type from unnest($1::oid[], $2::int[]) with ordinality as f (id, modifier, place) order by place',
        [
          `{${fields.map(({ dataTypeID }) => dataTypeID)}}`,
          `{${fields.map(({ dataTypeModifier }) => dataTypeModifier)}}`,
        ],
      );
      return fields.map(({ name }, index) => ({ name, type: String(rows[index].type) }));
    },
    buildTable: async ({ schema, table }, select) => {
      await query(`create schema if not exists ${schema}`);
      // Aside, since a table may be built from what it held the night before.
      const { rowCount } = await query(`create table ${schema}.built_aside as ${select}`);
      await query(`drop table if exists ${schema}.${table}`);
      await query(`alter table ${schema}.built_aside rename to ${table}`);
      return rowCount ?? 0;
    },
    load: absent,
    publish: absent,
    close: async () => undefined,
  };
  return engine;
}
