import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mysqlSource } from '../../../../connectors/sources/mysql/mysql-source.ts';
import type { Source } from '../../../../connectors/sources/source.ts';
import { createMariadbDatabase } from '../../../servers/mariadb.ts';
import type { TestDatabase } from '../../../servers/postgres.ts';
import { type OpenedEngine, testEngines } from '../../engines/engines.ts';
import { contextOf, requestOf, verdicts, withSnapshot } from '../database-source.ts';
import { type Carried, carryTable } from './carry-table.ts';

describe.each(testEngines)('tables of MariaDB into $engineName', ({ openEngine }) => {
  let database: TestDatabase;
  let source: Source;
  let engine: OpenedEngine;

  beforeAll(async () => {
    database = await createMariadbDatabase();
    source = mysqlSource(contextOf('mysql', database.url));
    engine = await openEngine();
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  /** Carried, and found equal to what the source says. */
  const carry = (name: string, key?: string[], query?: string): Promise<Carried> =>
    withSnapshot(source, async (snapshot) => {
      const table = { ...(key === undefined ? {} : { key }), ...(query === undefined ? {} : { query }) };
      const carried = await carryTable(engine, snapshot, { ...requestOf(name, table), verify: 'rows' });
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
    const quoted = names.map((name) => `\`${name.replaceAll('`', '``')}\``);
    await database.run(`create table \`Büro.%?\` (${quoted.map((name) => `${name} text`).join(', ')});
      insert into \`Büro.%?\` values (${names.map((_, place) => `'${place}'`).join(', ')})`);
    const { rows } = await carry('Büro.%?', ['a"b', 'per cent %']);
    expect(rows).toEqual([Object.fromEntries(names.map((name, place) => [name, String(place)]))]);
  });

  it('have generated columns, and invisible ones where a query names them', async () => {
    await database.run(`
      create table made (id int auto_increment primary key, gone int, amount decimal(10, 2),
        doubled decimal(10, 2) as (amount * 2) stored, twice decimal(10, 2) as (amount * 2) virtual,
        secret int invisible);
      insert into made (amount, secret) values (1.5, 7);
      alter table made drop column gone`);
    expect((await carry('made', ['id'])).rows).toEqual([
      { id: 1, amount: '1.50', doubled: '3.00', twice: '3.00' },
    ]);
    expect((await carry('q', ['id'], 'select id, secret from made')).rows).toEqual([{ id: 1, secret: 7 }]);
  });

  it('may be partitioned, or views', async () => {
    await database.run(`
      create table parts (id int, day date) partition by hash (id) partitions 3;
      insert into parts values (1, '2023-05-05'), (2, '2024-05-05');
      create view parts_seen as select id from parts`);
    for (const table of ['parts', 'parts_seen']) {
      expect((await carry(table)).rows.map(({ id }) => id).sort()).toEqual([1, 2]);
    }
  });

  it('may have no row, no primary key, or a key of several columns with gaps', async () => {
    await database.run(`
      create table nothing (id int, amount decimal(65, 30), word text character set sjis);
      create table several (a varchar(5), b int, c date);
      insert into several values ('x', 1, '2024-01-01'), ('x', null, null), (null, null, null), ('', 2, null)`);
    expect((await carry('nothing')).rows).toEqual([]);
    expect((await carry('several')).landed.totals.keyChecksum).toBeNull();
    expect((await carry('several', ['c', 'a', 'b'])).rows).toHaveLength(4);
  });

  it('keep one column that is empty in some rows apart from no row', async () => {
    await database.run(`create table one (word text); insert into one values (null), (''), ('x'), (null)`);
    expect((await carry('one')).rows.map(({ word }) => word)).toEqual([null, '', 'x', null]);
  });

  it('have keys of texts that hold NUL, lone surrogates, and codes that stand for nothing', async () => {
    await database.run(`
      create table odd (a varchar(9), b varchar(9) character set utf8mb3, c varchar(9) character set cp1250,
        d longtext, e longtext character set ucs2);
      insert into odd values ('a\\0', x'eda080', x'81', '\\0', x'd8000061'), ('\\0\\0b', '한', 'ł?', x'61edbfbf', '한')`);
    const { rows } = await carry('odd', ['a', 'b', 'c', 'd', 'e']);
    expect(rows).toEqual([
      { a: 'a\uFDD0', b: '\uFDD1', c: '\uFDD181', d: '\uFDD0', e: '\uFDD1a' },
      { a: '\uFDD0\uFDD0b', b: '한', c: 'ł?', d: 'a\uFDD1', e: '한' },
    ]);
  });

  it('have up to 1,017 columns, the most that InnoDB takes', async () => {
    const kinds = ['int', 'date', 'tinyint(1)', 'decimal(40, 2)'];
    const columns = Array.from({ length: 1017 }, (_, index) => `c${index} ${kinds[index % 4]}`);
    const values = columns.map((_, index) => ['7', "'2024-01-01'", '1', '1.5'][index % 4]);
    await database.run(
      `create table wide (${columns.join(', ')}); insert into wide values (${values.join(', ')})`,
    );
    const [row] = (await carry('wide')).rows;
    expect(row).toMatchObject({ c0: 7, c1: '2024-01-01', c2: true, c3: '1.5000', c1016: 7 });
  });
});

describe('what check says of a table of MariaDB', () => {
  it('names numbers that may exceed 38 digits', async () => {
    const database = await createMariadbDatabase();
    try {
      await database.run('create table ledger (amount decimal(50, 2))');
      const [, verdict] = await verdicts(mysqlSource(contextOf('mysql', database.url)), [
        requestOf('ledger'),
      ]);
      expect(verdict?.message).toBe(
        '1 columns, may be read; amount: what has more than 38 digits comes as text',
      );
    } finally {
      await database.drop();
    }
  });
});
