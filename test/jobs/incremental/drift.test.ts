import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { engines } from '../../connectors/engines/engines.ts';
import { databaseServers } from '../../connectors/sources/databases/servers.ts';
import type { TestDatabase } from '../../servers/postgres.ts';
import { type Nights, rawRows, type SourceSettings, startNights } from './nights-of-a-table.ts';

const sourceTypes = { PostgreSQL: 'postgres', MariaDB: 'mysql' } as const;

/** Each engine with one server: what is written to raw does not depend on where it came from. */
const pairs = engines.slice(0, 2).flatMap(({ name, start }, index) => {
  const server = databaseServers[index];
  return server === undefined ? [] : [{ name, start, server }];
});

describe.each(pairs)(
  'a source table whose columns change, into $name from $server.name',
  ({ start, server }) => {
    const isPostgres = server.name === 'PostgreSQL';
    let database: TestDatabase;
    let nights: Nights;
    const source = (table: SourceSettings): SourceSettings => ({
      type: sourceTypes[server.name as keyof typeof sourceTypes],
      url: database.url,
      tables: { items: { cursor: 'updated_at', ...table } },
    });
    const night = (table: SourceSettings = {}) => nights.night(source(table));
    const changeType = (column: string, type: string) =>
      database.run(
        isPostgres
          ? `alter table items alter column ${column} type ${type}`
          : `alter table items modify ${column} ${type}`,
      );

    beforeAll(async () => {
      database = await server.createDatabase();
    });
    afterAll(() => database.drop());
    beforeEach(async () => {
      await database.run(`drop table if exists items;
        create table items (id int primary key, price numeric(6, 2), stock int, updated_at date);
        insert into items values (1, 10.50, 5, '2026-01-01'), (2, 20.25, 7, '2026-01-02')`);
      nights = await startNights(await start());
    });
    afterEach(() => nights.end());

    it('a new column is taken along with its value in every row, and said', async () => {
      await night();
      await database.run(`alter table items add column note varchar(20) default 'as new'`);
      const { tables, notices } = await night();
      expect(tables.items).toMatchObject({
        strategy: 'full',
        reason: 'columns have changed: note',
        schemaChanges: '+ note (text)',
      });
      expect(notices).toContain('shop.items: + note (text)');
      expect((await rawRows(nights.engine, 'shop__items')).map(({ note }) => note)).toEqual([
        'as new',
        'as new',
      ]);
      expect((await night()).tables.items).toMatchObject({ strategy: 'cursor', schemaChanges: null });
    });

    it('a column that is gone keeps what was loaded of it, and is said once', async () => {
      await night();
      await database.run(
        `alter table items drop column stock; insert into items values (3, 1, '2026-01-03')`,
      );
      expect((await night()).tables.items).toMatchObject({ schemaChanges: '- stock' });
      expect((await rawRows(nights.engine, 'shop__items')).map(({ stock }) => stock)).toEqual([5, 7, null]);
      expect((await night()).tables.items).toMatchObject({ schemaChanges: null });
    });

    it('a wider type widens the column of raw, and an incompatible one makes it text: no value is lost', async () => {
      await night();
      await changeType('price', 'numeric(10, 4)');
      await changeType('stock', 'bigint');
      await database.run(`insert into items values (3, 123456.1234, 5000000000, '2026-01-03')`);
      expect((await night()).tables.items).toMatchObject({
        schemaChanges: 'price: decimal(6, 2) → decimal(10, 4); stock: integer → bigint',
      });
      await changeType('stock', 'varchar(20)');
      await database.run(`insert into items values (4, 1, 'none', '2026-01-04')`);
      expect((await night()).tables.items).toMatchObject({ schemaChanges: 'stock: bigint → text' });
      expect(await rawRows(nights.engine, 'shop__items')).toMatchObject([
        { id: 1, price: '10.5000', stock: '5' },
        { id: 2, price: '20.2500', stock: '7' },
        { id: 3, price: '123456.1234', stock: '5000000000' },
        { id: 4, price: '1.0000', stock: 'none' },
      ]);
    });

    it('a narrower type leaves the column of raw as wide as it was', async () => {
      await night();
      await changeType('stock', 'smallint');
      expect((await night()).tables.items).toMatchObject({ schemaChanges: null, changedRows: 0 });
    });

    it('ends the run where the table, or its source, is frozen: WC-LOAD-004', async () => {
      await night({ drift: 'freeze' });
      await database.run('alter table items add column note varchar(20)');
      await expect(night({ drift: 'freeze' })).rejects.toMatchObject({
        code: 'WC-LOAD-004',
        where: 'shop.items',
        message: 'its columns have changed, and `drift: freeze` forbids it: + note (text)',
      });
      await expect(nights.night({ ...source({}), drift: 'freeze' })).rejects.toMatchObject({
        code: 'WC-LOAD-004',
      });
      expect((await night()).tables.items).toMatchObject({ schemaChanges: '+ note (text)' });
    });
  },
);
