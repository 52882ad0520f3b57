import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Engine, PublishedTable } from '../../../connectors/engines/engine.ts';
import { examineWarehouse, openEngine } from '../../../connectors/engines/open-engine.ts';
import type { PostgresWarehouse } from '../../../connectors/engines/warehouse-config.ts';
import { type OwnPostgres, startOwnPostgres } from '../../servers/own-postgres.ts';
import { postgresWarehouse } from './engines.ts';

const customers: PublishedTable = {
  from: { schema: 'customers', table: 'golden' },
  name: 'customers',
  key: ['customer_id'],
  comment: 'One row is one customer',
  columnComments: { tier: 'gold or silver' },
  personal: { full_name: 'name', email: 'email' },
};
const columns = 'customer_id, full_name, email, tier';

/** Of a server of its own: roles are of the server. */
let server: OwnPostgres;

beforeAll(async () => {
  server = await startOwnPostgres();
  await server.run("create role night login createrole password 'secret'");
  await server.run("create role plain login password 'secret'");
  for (const [database, owner] of [
    ['owned', 'night'],
    ['plainly_owned', 'plain'],
  ]) {
    await server.run(`create database ${database} owner ${owner} encoding 'UTF8' template template0`);
  }
}, 120_000);
afterAll(() => server.stop());

function urlOf(user: string, database = 'owned'): string {
  const url = new URL(server.url);
  return Object.assign(url, { username: user, password: 'secret', pathname: `/${database}` }).href;
}

async function ask(user: string, sql: string) {
  const client = new pg.Client({ connectionString: urlOf(user) });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const warehouse = (): PostgresWarehouse => ({ ...postgresWarehouse(urlOf('night'), ''), roles: true });

async function roleVerdict(of: PostgresWarehouse) {
  for await (const verdict of examineWarehouse(of)) if (verdict.subject === 'roles') return verdict;
  return undefined;
}

describe('a warehouse with roles', () => {
  let state: Engine;

  async function night(values: string, names = columns) {
    await state.buildTable(customers.from, `select * from (values ${values}) as found (${names})`);
    return (await state.publish([customers])).notCarriedOver;
  }

  beforeAll(async () => {
    expect(await roleVerdict(warehouse())).toMatchObject({
      isOk: true,
      message: expect.stringContaining('night may create whalecurve_analyst'),
    });
    state = await openEngine(warehouse(), { prelude: '' });
    expect(await night("('c_1', 'Ada Lovelace', 'ada@example.org', 'gold')")).toEqual([]);
    await server.run(`create role ann login password 'secret' in role whalecurve_analyst;
      create role pia login password 'secret' in role whalecurve_pii;
      create role nobody login password 'secret'`);
  });
  afterAll(() => state.close());

  const whole = { customer_id: 'c_1', full_name: 'Ada Lovelace', email: 'ada@example.org', tier: 'gold' };
  const masked = { ...whole, full_name: 'A…', email: 'a…@example.org' };

  it('shows a member of whalecurve_analyst masked views, and neither the tables nor the state', async () => {
    expect(await ask('ann', 'select * from analysis.customers')).toEqual([masked]);
    for (const path of ['warehouse.customers', 'customers.golden', 'whalecurve.masked_views']) {
      await expect(ask('ann', `select * from ${path}`)).rejects.toThrow(/permission denied for schema/);
    }
    await expect(ask('ann', 'delete from analysis.customers')).rejects.toThrow('permission denied');
    // Nor what the statistics of the table know.
    expect(await ask('ann', "select 1 from pg_stats where schemaname = 'warehouse'")).toEqual([]);
  });

  it('shows a member of whalecurve_pii both, to read only', async () => {
    expect(await ask('pia', 'select * from warehouse.customers')).toEqual([whole]);
    expect(await ask('pia', 'select * from analysis.customers')).toEqual([masked]);
    await expect(ask('pia', 'delete from warehouse.customers')).rejects.toThrow('permission denied');
    await expect(ask('pia', 'select * from customers.golden')).rejects.toThrow('permission denied');
  });

  it('shows nothing to who is in none of the roles', async () => {
    for (const path of ['warehouse.customers', 'analysis.customers']) {
      await expect(ask('nobody', `select * from ${path}`)).rejects.toThrow('permission denied for schema');
    }
  });

  it('makes the login of the run the one member of whalecurve_writer that inherits from it', async () => {
    expect(
      await ask(
        'night',
        `select distinct member.rolname from pg_auth_members
         join pg_roles as granted on granted.oid = roleid join pg_roles as member on member.oid = member
         where granted.rolname = 'whalecurve_writer'`,
      ),
    ).toEqual([{ rolname: 'night' }]);
    expect(await roleVerdict(warehouse())).toMatchObject({ isOk: true });
  });

  it('keeps the views over a night that changes nothing, and has comments on them', async () => {
    const view = `select xmin::text, obj_description(oid) as comment, col_description(oid, 4) as tier
      from pg_class where oid = 'analysis.customers'::regclass`;
    const before = await ask('night', view);
    expect(before).toMatchObject([{ comment: customers.comment, tier: 'gold or silver' }]);
    expect(await night("('c_1', 'Ada Lovelace', 'ada@example.org', 'gold')")).toEqual([]);
    expect(await ask('night', view)).toEqual(before);
  });

  it('follows a table whose columns change', async () => {
    expect(await night("('c_1', 'Ada Lovelace', 7, true)", 'customer_id, full_name, tier, is_new')).toEqual(
      [],
    );
    expect(await ask('ann', 'select * from analysis.customers')).toEqual([
      { customer_id: 'c_1', full_name: 'A…', tier: 7, is_new: true },
    ]);
    expect(await ask('pia', 'select tier from warehouse.customers')).toEqual([{ tier: 7 }]);
  });

  it('closes a view that cannot change, because another reads it, and opens it again when that is gone', async () => {
    await ask('night', 'create view public.names as select full_name from analysis.customers');
    const notes = await night("('c_1', 'ada@example.org', 7)", 'customer_id, email, tier');
    expect(notes).toContainEqual({
      name: 'analysis.customers',
      reason: expect.stringContaining('closed to analysts'),
    });
    await expect(ask('ann', 'select * from analysis.customers')).rejects.toThrow('permission denied');
    await ask('night', 'drop view public.names');
    await night("('c_1', 'ada@example.org', 8)", 'customer_id, email, tier');
    expect(await ask('ann', 'select * from analysis.customers')).toEqual([
      { customer_id: 'c_1', email: 'a…@example.org', tier: 8 },
    ]);
  });

  it('takes its views back where roles are no longer asked for', async () => {
    const without = await openEngine({ ...warehouse(), roles: false }, { prelude: '' });
    await without.publish([customers]);
    await without.close();
    await expect(ask('pia', 'select * from analysis.customers')).rejects.toThrow('does not exist');
  });

  it('has its roles created once by runs that start together', async () => {
    const together = [1, 2, 3].map(() =>
      openEngine({ ...warehouse(), role_prefix: 'together' }, { prelude: '' }),
    );
    for (const engine of await Promise.all(together)) await engine.close();
    expect(
      await ask('night', "select rolname from pg_roles where rolname like 'together%' order by 1"),
    ).toEqual(['analyst', 'pii', 'writer'].map((role) => ({ rolname: `together_${role}` })));
  });
});

describe('a login that may not create roles', () => {
  const plain = (): PostgresWarehouse => ({
    ...postgresWarehouse(urlOf('plain', 'plainly_owned'), ''),
    roles: true,
    role_prefix: 'plain',
  });

  it('is told the SQL for an administrator, by check and by a run: WC-ENGINE-008', async () => {
    const sql = `create role "plain_analyst"; create role "plain_pii"; create role "plain_writer"; grant create, temporary on database "plainly_owned" to "plain_writer"; grant "plain_writer" to "plain"`;
    const told = { code: 'WC-ENGINE-008', hint: `as an administrator of the server: ${sql}` };
    expect(await roleVerdict(plain())).toMatchObject({ isOk: false, ...told });
    await expect(openEngine(plain(), { prelude: '' })).rejects.toMatchObject(told);
    await server.run(sql);
    expect(await roleVerdict(plain())).toMatchObject({ isOk: true });
    const state = await openEngine(plain(), { prelude: '' });
    await state.buildTable(customers.from, "select 'c_1' as customer_id");
    expect((await state.publish([{ ...customers, personal: {} }])).notCarriedOver).toEqual([]);
    await state.close();
  });
});
