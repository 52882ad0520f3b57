import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source.ts';
import type { Source } from '../../../../connectors/sources/source.ts';
import { createPostgresDatabase, type TestDatabase } from '../../../servers/postgres.ts';
import { type OpenedEngine, testEngines } from '../../engines/engines.ts';
import { contextOf, requestOf, verdicts, withSnapshot } from '../database-source.ts';
import { type Carried, carryTable } from './carry-table.ts';

describe.each(testEngines)('tables of PostgreSQL into $engineName', ({ openEngine }) => {
  let database: TestDatabase;
  let source: Source;
  let engine: OpenedEngine;

  beforeAll(async () => {
    database = await createPostgresDatabase();
    source = postgresSource(contextOf('postgres', database.url));
    engine = await openEngine();
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  /** Carried, and found equal to what the source says. */
  const carry = (name: string, key?: string[]): Promise<Carried> =>
    withSnapshot(source, async (snapshot) => {
      const request = { ...requestOf(name, key === undefined ? {} : { key }), verify: 'rows' as const };
      const carried = await carryTable(engine, snapshot, request);
      expect(carried.landed.totals).toEqual(carried.control);
      return carried;
    });

  it('keep names that need quoting, and one of 63 characters', async () => {
    const long = 'l'.repeat(63);
    const names = [
      'order',
      'Straße',
      'a"b',
      'per cent %',
      'back`tick',
      'really?',
      'net.amount',
      "it's",
      long,
    ];
    const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`);
    await database.run(`create table "Büro.%?" (${quoted.map((name) => `${name} text`).join(', ')});
      insert into "Büro.%?" values (${names.map((_, place) => `'${place}'`).join(', ')})`);
    const { rows } = await carry('Büro.%?', ['a"b', 'per cent %']);
    expect(rows).toEqual([Object.fromEntries(names.map((name, place) => [name, String(place)]))]);
  });

  it('have generated and identity columns, and no trace of a dropped one', async () => {
    await database.run(`
      create table made (id integer generated always as identity, gone text, amount numeric(10, 2) not null,
        doubled numeric(10, 2) generated always as (amount * 2) stored);
      insert into made (amount, gone) values (1.5, 'x');
      alter table made drop column gone`);
    expect((await carry('made', ['id'])).rows).toEqual([{ id: 1, amount: '1.50', doubled: '3.00' }]);
  });

  it('may be partitioned, inherited from, views, materialized views and foreign', async () => {
    const { pathname, hostname, port, username } = new URL(database.url);
    await database.run(`
      create table parts (id integer, day date) partition by range (day);
      create table parts_2023 partition of parts for values from ('2023-01-01') to ('2024-01-01');
      create table parts_rest partition of parts default;
      insert into parts values (1, '2023-05-05'), (2, '2024-05-05');
      create table parent (id integer); create table child (extra text) inherits (parent);
      insert into parent values (1); insert into child values (2, 'x');
      create view parts_seen as select id from parts;
      create materialized view parts_kept as select id from parts;
      create extension postgres_fdw;
      create server loop foreign data wrapper postgres_fdw
        options (host '${hostname}', port '${port || '5432'}', dbname '${pathname.slice(1)}');
      create user mapping for current_user server loop options (user '${username}', password_required 'false');
      create foreign table parts_abroad (id integer) server loop options (table_name 'parts')`);
    for (const table of ['parts', 'parent', 'parts_seen', 'parts_kept', 'parts_abroad']) {
      const { rows } = await carry(table);
      expect(rows.map(({ id }) => id).sort()).toEqual([1, 2]);
    }
  });

  it('may have no row, no primary key, or a key of several columns with gaps', async () => {
    await database.run(`
      create table nothing (id integer, amount numeric, word text);
      create table several (a text, b integer, c date);
      insert into several values ('x', 1, '2024-01-01'), ('x', null, null), (null, null, null), ('', 2, null)`);
    expect((await carry('nothing')).rows).toEqual([]);
    expect((await carry('several')).landed.totals.keyChecksum).toBeNull();
    expect((await carry('several', ['c', 'a', 'b'])).rows).toHaveLength(4);
  });

  it('keep one column that is empty in some rows apart from no row', async () => {
    await database.run(`create table one (word text); insert into one values (null), (''), ('x'), (null)`);
    expect((await carry('one')).rows.map(({ word }) => word)).toEqual([null, '', 'x', null]);
  });

  it('keep a U+FEFF that is the very first character', async () => {
    await database.run(
      `create table marked (word text); insert into marked values (U&'\\FEFFa'), (U&'\\FEFF')`,
    );
    const { control } = await carry('marked');
    // md5 of `4:` or `3:` and the UTF-8 bytes, as `printf '4:\xef\xbb\xbfa' | md5sum` gives them.
    expect(control.rowChecksum).toBe(String(firstDigits('4:\uFEFFa') + firstDigits('3:\uFEFF')));
  });

  it('are refused where they have no columns, or two that differ in case only', async () => {
    await database.run('create table bare (); create table twins ("Id" integer, id integer)');
    const refusals = [
      ['bare', 'bare has no columns'],
      ['twins', 'the columns Id and id differ only in case'],
    ] as const;
    for (const [table, message] of refusals) {
      await expect(carry(table)).rejects.toMatchObject({ code: 'WC-SOURCE-008', message });
      const found = await verdicts(source, [requestOf(table)]);
      expect(found.at(-1)).toMatchObject({ isOk: false, code: 'WC-SOURCE-008', message });
    }
  });

  const manyColumns = (count: number) => {
    const kinds = ['numeric', 'date', 'integer', 'boolean'];
    const columns = Array.from({ length: count }, (_, index) => `c${index} ${kinds[index % 4]}`);
    // A row has to fit in a page of 8 KB.
    const values = columns.map((_, index) => ['1.5', "'2024-01-01'", '7', 'true'][index % 4]);
    return `create table wide_${count} (${columns.join(', ')});
      insert into wide_${count} values (${values.join(', ')})`;
  };

  it('have up to 1,600 columns, of which an engine on PostgreSQL itself needs four', async () => {
    await database.run(manyColumns(1600));
    if (engine.engine.kind === 'duckdb') {
      expect((await carry('wide_1600')).rows[0]).toMatchObject({
        c0: '1.5000',
        c1: '2024-01-01',
        c1599: true,
      });
    } else {
      await database.run(manyColumns(1596));
      expect((await carry('wide_1596')).rows[0]).toMatchObject({ c0: '1.5000', c1594: 7, c1595: true });
      await expect(carry('wide_1600')).rejects.toMatchObject({
        message: expect.stringContaining('1600 columns'),
      });
    }
  });
});

function firstDigits(text: string): number {
  return Number.parseInt(createHash('md5').update(text).digest('hex').slice(0, 8), 16);
}

describe('what check says of a table of PostgreSQL', () => {
  it('names numbers that may exceed 38 digits, and row-level security that hides rows from the login', async () => {
    const database = await createPostgresDatabase();
    const url = new URL(database.url);
    const reader = `${url.pathname.slice(1)}_reader`;
    try {
      await database.run(`
        create table ledger (amount numeric(50, 2), owner name);
        insert into ledger values (1, 'somebody'), (2, current_user);
        alter table ledger enable row level security;
        create policy own on ledger using (owner = current_user);
        create role ${reader} login; grant select on ledger to ${reader}`);
      url.username = reader;
      const [, verdict] = await verdicts(postgresSource(contextOf('postgres', url.href)), [
        requestOf('ledger'),
      ]);
      expect(verdict).toEqual({
        subject: 'finance.ledger',
        isOk: true,
        message:
          `2 columns, may be read; row-level security hides from ${reader} the rows that its policies do not name; ` +
          'amount: what has more than 38 digits comes as text',
      });
      const [, owners] = await verdicts(postgresSource(contextOf('postgres', database.url)), [
        requestOf('ledger'),
      ]);
      expect(owners?.message).not.toContain('security');
    } finally {
      await database.run(`drop owned by ${reader}; drop role ${reader}`);
      await database.drop();
    }
  });
});
