import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cell, Engine } from '../../../connectors/engines/engine.ts';
import { type EngineUnderTest, engines } from './engines.ts';

describe.each(engines)('the engine $name', ({ start }) => {
  let under: EngineUnderTest;
  let engine: Engine;

  beforeAll(async () => {
    under = await start();
    engine = await under.open();
  });
  afterAll(() => under.end());

  it('says that there is nothing to read before the first publish', async () => {
    const reader = under.open({ isReadOnly: true, database: 'warehouse' });
    await expect(reader).rejects.toMatchObject({ code: 'WC-RUN-003' });
  });

  describe('runs SQL', () => {
    it('and gives each value as JSON can hold it without loss', async () => {
      const [row] = await engine.query(`select 1 as small, cast(9007199254740993 as bigint) as large,
        cast('12345678901234.5678' as decimal(18, 4)) as amount, cast(0.1 as double precision) as ratio,
        cast('NaN' as double precision) as no_number, cast('-Infinity' as double precision) as without_end,
        true as is_open, date '2024-02-29' as day, timestamp '2024-02-29 12:00:00.5' as moment,
        cast('2024-02-29 12:00:00+02' as timestamp with time zone) as with_zone, cast('23:59:59.5' as time) as at_time,
        array['a', 'it''s "b", {c}', null] as texts, array[1, 2] as numbers, null as nothing, 'ä😀' as note`);
      expect(row).toEqual({
        small: 1,
        large: '9007199254740993',
        amount: '12345678901234.5678',
        ratio: 0.1,
        no_number: 'NaN',
        without_end: '-Infinity',
        is_open: true,
        day: '2024-02-29',
        moment: '2024-02-29T12:00:00.5Z',
        with_zone: '2024-02-29T10:00:00Z',
        at_time: '23:59:59.5',
        texts: '["a","it\'s \\"b\\", {c}",null]',
        numbers: '[1,2]',
        nothing: null,
        note: 'ä😀',
      });
    });

    it('and numbers columns of one name', async () => {
      expect(await engine.query('select 1 as a, 2 as a, 3 as a')).toEqual([{ a: 1, 'a:1': 2, 'a:2': 3 }]);
    });

    it('with parameters that take any text as it is', async () => {
      const text = `it's; drop table "t" -- %s $1 \\ 😀`;
      const sql = 'select cast($1 as text) as text, cast($2 as bigint) as number, cast($3 as text) as none';
      expect(await engine.query(sql, [text, 5, null])).toEqual([{ text, number: '5', none: null }]);
    });

    it('and gives the number of rows that a statement changed', async () => {
      await engine.run('create schema numbers; create table numbers.t (i integer)');
      expect(await engine.run('insert into numbers.t values (1), (2), (3)')).toBe(3);
      expect(await engine.run('update numbers.t set i = $1 where i > 1', [0])).toBe(2);
    });

    it('with the functions of the common dialect before those of its own', async () => {
      expect(await engine.query('select money(1.00005) as amount, div(7, 2) as quotient')).toEqual([
        { amount: '1.0001', quotient: '3' },
      ]);
    });

    it('and names the line that is wrong', async () => {
      const wrong = 'select\n  1 as x,\n  y\nfrom (select 1 as z) as t';
      const expected = { code: 'WC-ENGINE-002', message: expect.stringMatching(/LINE 3: +y\n +\^/) };
      await expect(engine.query(wrong)).rejects.toMatchObject(expected);
      await expect(engine.describe(wrong)).rejects.toMatchObject(expected);
      await expect(engine.buildTable({ schema: 'numbers', table: 'u' }, wrong)).rejects.toMatchObject(
        expected,
      );
      await expect(engine.buildTemporary('u', wrong)).rejects.toMatchObject(expected);
    });

    it('and tells the columns of a query without running it', async () => {
      const columns = await engine.describe(
        'select cast(1 as bigint) as id, cast(2 as decimal(10, 2)) as amount, div(1, 0) as quotient',
      );
      expect(columns.map(({ name }) => name)).toEqual(['id', 'amount', 'quotient']);
      expect(columns.map(({ type }) => type.toLowerCase().replace('numeric', 'decimal'))).toEqual([
        'bigint',
        'decimal(10,2)',
        'bigint',
      ]);
    });

    it('in a transaction that leaves nothing when it fails, and throws its own error', async () => {
      await expect(
        engine.transaction(async () => {
          await engine.run('create table numbers.half as select 1 as x');
          await engine.run('select nothing from numbers.half');
        }),
      ).rejects.toMatchObject({ code: 'WC-ENGINE-002', message: expect.stringContaining('nothing') });
      await expect(engine.query('select x from numbers.half')).rejects.toMatchObject({
        code: 'WC-ENGINE-002',
      });
      expect(await engine.transaction(() => engine.query('select 1 as x'))).toEqual([{ x: 1 }]);
    });

    it('that can be interrupted, and goes on to work', async () => {
      const endless = engine.query(
        'with recursive t (i) as (select 1 union all select (i + 1) % 1000 from t) select max(i) as i from t',
      );
      const outcome = endless.then(
        () => 'ended',
        (error: unknown) => error,
      );
      for (let isOver = false; !isOver; ) {
        await engine.interrupt();
        isOver = await Promise.race([
          outcome.then(() => true),
          new Promise<false>((resolve) => setTimeout(() => resolve(false), 100)),
        ]);
      }
      expect(await outcome).toMatchObject({ code: 'WC-ENGINE-002' });
      expect(await engine.query('select 1 as x')).toEqual([{ x: 1 }]);
    });
  });

  describe('builds tables', () => {
    const words = { schema: 'value', table: 'words' };

    it('with their schema, whose texts are in the order of bytes whatever the collation of the database', async () => {
      const select =
        "select 'a' as word, 1 as place union all select 'B', 2 union all select 'ä', 3 union all select '_', 4";
      expect(await engine.buildTable(words, select)).toBe(4);
      const sorted = await engine.query('select word from value.words order by word');
      expect(sorted.map(({ word }) => word)).toEqual(['B', '_', 'a', 'ä']);
      expect(await engine.query('select max(word) as last from value.words')).toEqual([{ last: 'ä' }]);
    });

    it('from rows of the program, in batches, which are read back in batches', async () => {
      const types = {
        id: 'bigint',
        note: 'text',
        amount: 'decimal(18, 4)',
        ratio: 'double precision',
        day: 'date',
        at: 'timestamp',
        is_open: 'boolean',
      };
      const last = [
        '-9223372036854775808',
        'it\'s "b", ä😀\n\\N',
        '-0.0001',
        1e-300,
        '1969-12-31',
        null,
        true,
      ];
      async function* batches() {
        for (let first = 0; first < 25_000; first += 5_000) {
          yield Array.from({ length: 5_000 }, (_, i) => [first + i, '', '1.5', 0.1, null, null, false]);
        }
        yield [];
        yield [last as Cell[]];
      }
      const given = { schema: 'value', table: 'given' };
      expect(await engine.buildFromRows(given, types, batches())).toBe(25_001);
      const back: Cell[][] = [];
      for await (const rows of engine.read('select * from value.given order by id')) back.push(...rows);
      expect(back).toHaveLength(25_001);
      expect(back[0]).toEqual(last);
      expect(back.at(-1)).toEqual(['24999', '', '1.5000', 0.1, null, null, false]);
      const [row] = await engine.query("select count(*) as rows from value.given where note = ''");
      expect(row).toEqual({ rows: '25000' });
      const sorted = await engine.query(
        "select max(v) as last from (select note as v from value.given union all select 'B') as t",
      );
      expect(sorted).toEqual([{ last: last[1] }]);
    });

    it('from rows of the program within a transaction, whose failure leaves the table as it was', async () => {
      const given = { schema: 'value', table: 'kept' };
      const rows = async function* (...cells: Cell[]) {
        yield cells.map((cell) => [cell]);
      };
      await engine.buildFromRows(given, { x: 'integer' }, rows(1));
      const refused = engine.transaction(async () => {
        await engine.buildFromRows(given, { x: 'integer' }, rows(2, 3));
        await engine.buildFromRows(given, { x: 'integer' }, rows('no number'));
      });
      await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('no number') });
      expect(await engine.query('select x from value.kept')).toEqual([{ x: 1 }]);
    });

    it('and a reader that leaves early leaves the engine as it was', async () => {
      for await (const rows of engine.read('select generate_series as i from generate_series(1, 100000)')) {
        expect(rows[0]).toBeDefined();
        break;
      }
      expect(await engine.query('select 1 as x')).toEqual([{ x: 1 }]);
      const failing = async () => {
        for await (const _ of engine.read('select nothing')) throw new Error('read');
      };
      await expect(failing()).rejects.toMatchObject({ code: 'WC-ENGINE-002' });
    });

    it('from what they held before', async () => {
      expect(
        await engine.buildTable(words, 'select word, place + 1 as place from value.words where place > 2'),
      ).toBe(2);
      expect(await engine.query('select word, place from value.words order by place')).toEqual([
        { word: 'ä', place: 4 },
        { word: '_', place: 5 },
      ]);
    });

    it('of a SELECT that ends in a comment', async () => {
      expect(await engine.buildTable(words, "select 'x' as word -- the last one")).toBe(1);
    });

    it('that are back as they were when the transaction fails', async () => {
      await engine.buildTable(words, "select 'kept' as word");
      await expect(
        engine.transaction(async () => {
          await engine.buildTable(words, "select 'lost' as word");
          await engine.query('select nothing');
        }),
      ).rejects.toMatchObject({ code: 'WC-ENGINE-002' });
      expect(await engine.query('select word from value.words')).toEqual([{ word: 'kept' }]);
    });

    it('of this connection alone, from what they held before', async () => {
      await engine.buildTemporary('scratch', "select 'b' as word union all select 'A'");
      await engine.buildTemporary('scratch', 'select word, 1 as one from scratch');
      expect(await engine.query('select word, one from scratch order by word')).toEqual([
        { word: 'A', one: 1 },
        { word: 'b', one: 1 },
      ]);
    });
  });

  describe('answers questions of users', () => {
    let reader: Engine;

    beforeAll(async () => {
      await engine.buildTable({ schema: 'value', table: 'asked' }, 'select 1.005 as x');
      await engine.close();
      reader = await under.open({ isReadOnly: true });
    });
    afterAll(async () => {
      await reader.close();
      engine = await under.open();
    });

    it('with the functions of the common dialect', async () => {
      expect(await reader.query('select money(x) as amount from value.asked')).toEqual([
        { amount: '1.0050' },
      ]);
    });

    it.each([
      ['changes a table', 'update value.asked set x = 2'],
      ['makes a table', 'create table value.made as select 1 as x'],
      ['drops a table', 'drop table value.asked'],
    ])('and refuses one that %s', async (_case, sql) => {
      await expect(reader.run(sql)).rejects.toMatchObject({ code: 'WC-ENGINE-002' });
      await expect(reader.query(sql)).rejects.toMatchObject({ code: 'WC-ENGINE-002' });
      expect(await reader.query('select count(*) as tables from value.asked')).toEqual([{ tables: '1' }]);
    });

    it('several at once', async () => {
      const second = await under.open({ isReadOnly: true });
      expect(await second.query('select x from value.asked')).toEqual([{ x: '1.005' }]);
      expect(await reader.query('select x from value.asked')).toEqual([{ x: '1.005' }]);
      await second.close();
    });
  });
});
