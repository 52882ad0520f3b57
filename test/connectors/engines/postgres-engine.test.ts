import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { databaseExists, databaseName, openEngine } from '../../../connectors/engines/open-engine.ts';
import type { PostgresWarehouse } from '../../../connectors/engines/warehouse-config.ts';
import { createWarehouseDatabase, postgresServers, type TestDatabase } from '../../servers/postgres.ts';
import { postgresWarehouse } from './engines.ts';

const prelude =
  'create or replace function twice(x integer) returns integer language sql immutable as $$ select 2 * x $$';

describe.each(postgresServers())('the engine postgres on $name', ({ url: server }) => {
  let database: TestDatabase;
  let warehouse: PostgresWarehouse;
  let state: Engine;

  beforeAll(async () => {
    database = await createWarehouseDatabase(server);
    warehouse = postgresWarehouse(database.url, '');
    expect(await databaseExists(warehouse, 'state')).toBe(false);
    // Both find a new database at once.
    const [first, second] = await Promise.all([
      openEngine(warehouse, { prelude }),
      openEngine(warehouse, { prelude }),
    ]);
    await second.close();
    state = first;
  });
  afterAll(async () => {
    await state.close();
    await database.drop();
  });

  it('is there once it was opened, and is called by its server and database, without the login', async () => {
    expect(await databaseExists(warehouse, 'state')).toBe(true);
    expect(await databaseExists(warehouse, 'warehouse')).toBe(false);
    const { host, pathname } = new URL(database.url);
    expect(databaseName(warehouse, 'state')).toBe(`${host}${pathname}`);
  });

  it('works by the settings of the config, whatever those of server and login are', async () => {
    await database.run(
      `alter role ${new URL(database.url).username} set timezone = 'Asia/Tokyo';
       alter role ${new URL(database.url).username} set datestyle = 'German'`,
    );
    const engine = await openEngine(
      { ...warehouse, work_mem: '1.5 GB', maintenance_work_mem: '7MB' },
      { prelude },
    );
    const settings = ['work_mem', 'maintenance_work_mem', 'timezone', 'datestyle', 'application_name'];
    const [found] = await engine.query(
      `select ${settings.map((name) => `current_setting('${name}') as ${name}`).join(', ')}`,
    );
    expect(found).toEqual({
      work_mem: '1536MB',
      maintenance_work_mem: '7MB',
      timezone: 'UTC',
      datestyle: 'ISO, YMD',
      application_name: 'whalecurve state',
    });
    await engine.close();
  });

  it('makes its functions anew when they are others, also of another type', async () => {
    const other = prelude.replace('returns integer', 'returns numeric');
    const engine = await openEngine(warehouse, { prelude: other });
    expect(await engine.query('select twice(2) as four')).toEqual([{ four: '4' }]);
    await engine.close();
    const again = await openEngine(warehouse, { prelude });
    expect(await again.query('select twice(2) as four')).toEqual([{ four: 4 }]);
    await again.close();
  });

  it('fills the table under the view of a user anew, which shows the new rows', async () => {
    const table = { schema: 'value', table: 'scores' };
    await state.buildTable(table, "select 'c_1' as customer_id, 1 as score");
    await state.run('create view value.of_user as select score from value.scores');
    expect(await state.buildTable(table, "select 'c_1' as customer_id, 2 as score")).toBe(1);
    expect(await state.query('select score from value.of_user')).toEqual([{ score: 2 }]);
    // With other columns the view keeps what it reads, and the night goes on.
    await state.buildTable(table, "select 'c_1' as customer_id, 3.5 as score, 1 as rank");
    expect(await state.query('select score from value.of_user')).toEqual([{ score: 2 }]);
    expect(await state.query('select score, rank from value.scores')).toEqual([{ score: '3.5', rank: 1 }]);
  });

  it('tells the planner what a new table holds', async () => {
    await state.buildTable(
      { schema: 'value', table: 'counted' },
      'select i from generate_series(1, 1000) as r(i)',
    );
    expect(
      await state.query("select reltuples as rows from pg_class where oid = 'value.counted'::regclass"),
    ).toEqual([{ rows: 1000 }]);
  });

  it('tells the planner of a table that plain statements filled', async () => {
    const rows = () =>
      state.query("select reltuples as rows from pg_class where oid = 'value.filled'::regclass");
    await state.run('create table value.filled (i integer)');
    await state.transaction(() => state.run('insert into value.filled select generate_series(1, 1000)'));
    expect(await rows()).toEqual([{ rows: 1000 }]);
  });

  it('names the setting when a statement takes too long', async () => {
    const engine = await openEngine({ ...warehouse, statement_timeout: 1 }, { prelude });
    await expect(engine.query('select pg_sleep(60)')).rejects.toMatchObject({
      code: 'WC-ENGINE-002',
      hint: expect.stringContaining('statement_timeout'),
    });
    await engine.close();
  });

  it('refuses a statement with a NUL, behind which the server would read something else', async () => {
    await expect(state.run("select 'a\0b'")).rejects.toMatchObject({ code: 'WC-ENGINE-002' });
    expect(await state.query('select 1 as x')).toEqual([{ x: 1 }]);
  });

  describe('asked by a user', () => {
    let reader: Engine;

    beforeAll(async () => {
      await state.buildTable({ schema: 'value', table: 'asked' }, 'select 1 as x');
      await state.run('create sequence value.counter');
      reader = await openEngine(warehouse, { prelude: 'not looked at', isReadOnly: true });
    });
    afterAll(() => reader.close());

    it.each([
      ['several statements', 'commit; update value.asked set x = 2'],
      ['several statements behind a question', 'select 1; update value.asked set x = 2'],
      ['leave to write in this transaction', 'set transaction read write'],
      [
        'a change within a question',
        'with changed as (update value.asked set x = 2 returning x) select x from changed',
      ],
      ['a change within a block', 'do $$ begin update value.asked set x = 2; end $$'],
      [
        'the end of the transaction within a block',
        'do $$ begin commit; update value.asked set x = 2; end $$',
      ],
      [
        'leave to write from within',
        "do $$ begin perform set_config('transaction_read_only', 'off', false); update value.asked set x = 2; end $$",
      ],
      ['a number of a sequence', "select nextval('value.counter')"],
      ['a temporary table', 'create temp table t as select 1 as x'],
      ['a file of the server', "select pg_read_file('/etc/hostname')"],
      ['a folder of the server', "select pg_ls_dir('/')"],
      ['a program of the server', "copy (select 1) to program 'cat'"],
      ['a file of the server as a table', "copy value.asked from '/etc/hostname'"],
    ])('does not give %s', async (_case, sql) => {
      await expect(reader.query(sql)).rejects.toMatchObject({ code: 'WC-ENGINE-002' });
      expect(await reader.query('select x from value.asked')).toEqual([{ x: 1 }]);
    });

    it.each([
      'commit',
      'set session characteristics as transaction read write',
      'set default_transaction_read_only = off',
      "select set_config('default_transaction_read_only', 'off', false)",
    ])('does not write after `%s`', async (sql) => {
      await reader.query(sql).catch(() => undefined);
      await expect(reader.query('update value.asked set x = 2')).rejects.toMatchObject({
        code: 'WC-ENGINE-002',
      });
      await expect(reader.run('update value.asked set x = 2')).rejects.toMatchObject({
        code: 'WC-ENGINE-002',
      });
      expect(await reader.query('select x from value.asked')).toEqual([{ x: 1 }]);
    });

    it('keeps nothing that a question left behind', async () => {
      // Servers before 16 take this for no change.
      await reader.query('select lo_create(0)').catch(() => undefined);
      expect(await state.query('select count(*) as objects from pg_largeobject_metadata')).toEqual([
        { objects: '0' },
      ]);
    });

    it('answers from one instant within a transaction', async () => {
      await reader.transaction(async () => {
        expect(await reader.query('select count(*) as rows from value.asked')).toEqual([{ rows: '1' }]);
        await state.run('insert into value.asked values (5)');
        expect(await reader.query('select count(*) as rows from value.asked')).toEqual([{ rows: '1' }]);
      });
      expect(await reader.query('select count(*) as rows from value.asked')).toEqual([{ rows: '2' }]);
    });
  });

  it('says that the connection broke, and where', async () => {
    const engine = await openEngine(warehouse, { prelude });
    const [session] = await engine.query('select pg_backend_pid() as pid');
    const asking = engine.query('select pg_sleep(60)').catch((error: unknown) => error);
    await database.run(`select pg_terminate_backend(${session?.pid})`);
    expect(await asking).toMatchObject({
      code: 'WC-ENGINE-005',
      message: expect.stringContaining(databaseName(warehouse, 'state')),
    });
    await expect(engine.query('select 1')).rejects.toMatchObject({ code: 'WC-ENGINE-005' });
    await engine.close();
  });
});
