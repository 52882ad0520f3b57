import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mysqlSource } from '../../../../connectors/sources/mysql/mysql-source.ts';
import type { Source } from '../../../../connectors/sources/source.ts';
import { createMariadbDatabase } from '../../../servers/mariadb.ts';
import type { TestDatabase } from '../../../servers/postgres.ts';
import { contextOf, readText, requestOf, typesOf, withSnapshot } from '../database-source.ts';

let database: TestDatabase;
let source: Source;

beforeAll(async () => {
  database = await createMariadbDatabase();
  source = mysqlSource(contextOf('mysql', database.url));
});
afterAll(() => database.drop());

const read = (name: string) => withSnapshot(source, (snapshot) => readText(snapshot, requestOf(name)));

describe('the rows of a MySQL table', () => {
  it('come with a type for each column, and what no raw type holds comes as text', async () => {
    await database.run(`
      create table kinds (
        flag tinyint(1), tiny tinyint, small smallint, medium mediumint, whole int, natural_whole int unsigned,
        big bigint, natural_big bigint unsigned, padded int(8) zerofill, exact decimal(12, 2), long_exact decimal(50, 2),
        single float, half double, bit_flag bit(1), bits bit(9), day date, at datetime(3), instant timestamp null,
        clock time, yr year, code char(6), name varchar(20), fixed binary(2), bytes varbinary(5), words text,
        choice enum('a', 'b'), choices set('a', 'b'), document json, id uuid);
      set time_zone = '+02:00';
      insert into kinds values (
        1, -1, -2, 3, -4, 4294967295, -9007199254740993, 18446744073709551615, 42, -0.5, 1,
        16777217, 0.1e0 + 0.2e0, b'1', b'101', '2024-02-29', '2024-01-01 10:00:00.5', '2024-06-01 12:00:00',
        '23:59:59', 2024, 'ab', 'é', 'ab', x'00ff', 'text', 'a', 'a,b', '{"a": 1}',
        '00000000-0000-0000-0000-00000000000a')`);
    const { columns, text } = await read('kinds');
    expect(typesOf(columns)).toEqual({
      flag: 'boolean',
      tiny: 'integer',
      small: 'integer',
      medium: 'integer',
      whole: 'integer',
      natural_whole: 'bigint',
      big: 'bigint',
      natural_big: { precision: 20, scale: 0 },
      padded: 'bigint',
      exact: { precision: 12, scale: 2 },
      long_exact: { precision: 18, scale: 4 },
      single: 'double',
      half: 'double',
      bit_flag: 'boolean',
      bits: 'text',
      day: 'date',
      at: 'timestamp',
      instant: 'timestamptz',
      clock: 'time',
      yr: 'integer',
      code: 'text',
      name: 'text',
      fixed: 'text',
      bytes: 'text',
      words: 'text',
      choice: 'text',
      choices: 'text',
      document: 'text',
      id: 'text',
    });
    // 16777217 is no float; the nearest is 16777216, and not the 16777200 that MySQL prints of it.
    expect(text).toBe(
      'true,-1,-2,3,-4,4294967295,-9007199254740993,18446744073709551615,42,-0.50,1.0000,' +
        '16777216,0.30000000000000004,true,000000101,2024-02-29,2024-01-01 10:00:00.500,2024-06-01 10:00:00+00,' +
        '23:59:59,2024,"ab","é","6162","00FF","text","a","a,b","{""a"": 1}",' +
        '"00000000-0000-0000-0000-00000000000a"\n',
    );
  });

  it('are named with the types of MySQL', async () => {
    const columns = await withSnapshot(source, (snapshot) => snapshot.describe(requestOf('kinds')));
    expect(columns.map(({ sourceType }) => sourceType)).toEqual(
      (
        'tinyint(1)|tinyint|smallint|mediumint|int|int unsigned|bigint|bigint unsigned|int unsigned|decimal(12,2)|' +
        'decimal(50,2)|float|double|bit(1)|bit(9)|date|datetime(3)|timestamp|time|year|char(6)|varchar(20)|binary|' +
        'varbinary|text|enum|set|json|uuid'
      ).split('|'),
    );
  });

  it('keep no value in a column of every kind', async () => {
    await database.run('insert into kinds (tiny) values (7)');
    expect((await read('kinds')).text.split('\n')[1]).toBe(`,7${','.repeat(27)}`);
  });

  it('come from columns of several character sets in one', async () => {
    await database.run(`
      create table charsets (a varchar(10) character set latin1, b varchar(10) character set koi8r,
        c varchar(10) collate utf8mb4_bin, d text character set ucs2);
      insert into charsets values ('é"', 'ж"', '😀"', '€"')`);
    expect((await read('charsets')).text).toBe('"é""","ж""","😀""","€"""\n');
  });

  it('come as text where a column holds days that are none, and typed where it does not', async () => {
    await database.run(`
      set sql_mode = 'ALLOW_INVALID_DATES';
      create table beyond (zero date, no_month date, late date, fine date, at datetime, instant timestamp null,
        span time);
      insert into beyond values ('0000-00-00', '2024-00-00', '2024-02-31', '2024-02-29', '0000-00-00 00:00:00',
        '0000-00-00 00:00:00', '-100:00:00'), ('2024-01-01', '2024-01-01', '2024-01-01', '2024-01-31', null, null, null)`);
    const { columns, text } = await read('beyond');
    expect(typesOf(columns)).toEqual({
      zero: 'text',
      no_month: 'text',
      late: 'text',
      fine: 'date',
      at: 'text',
      instant: 'text',
      span: 'text',
    });
    expect(text).toBe(
      '0000-00-00,2024-00-00,2024-02-31,2024-02-29,0000-00-00 00:00:00,0000-00-00 00:00:00,-100:00:00\n' +
        '2024-01-01,2024-01-01,2024-01-01,2024-01-31,,,\n',
    );
  });

  it('have integers in a tinyint(1) that holds more than 0 and 1', async () => {
    await database.run(
      'create table stars (id int, given tinyint(1)); insert into stars values (1, 5), (2, 0), (3, null)',
    );
    const { columns, text } = await read('stars');
    expect(typesOf(columns)).toEqual({ id: 'integer', given: 'integer' });
    expect(text).toBe('1,5\n2,0\n3,\n');
  });

  it('keep cells of several megabytes, and long columns between short ones', async () => {
    await database.run(`
      create table long_cells (id int, words longtext, amount decimal(10, 2), bytes longblob, note varchar(9));
      insert into long_cells values (1, repeat('"', 5000000), 1.5, x'0aff', 'a"b'), (2, '', 2, '', ''),
        (3, null, null, null, null), (4, 'é😀"', 4, null, 'x')`);
    const { columns, text } = await read('long_cells');
    expect(typesOf(columns)).toMatchObject({
      words: 'text',
      amount: { precision: 10, scale: 2 },
      bytes: 'text',
    });
    const [first = '', ...rest] = text.split('\n');
    // Not compared as a whole: to show how ten megabytes differ takes minutes.
    expect(first.length).toBe('1,"",1.50,"0AFF","a""b"'.length + 10_000_000);
    expect(first.replaceAll('"'.repeat(1000), '')).toBe('1,"",1.50,"0AFF","a""b"');
    expect(rest).toEqual(['2,"",2.00,"",""', '3,,,,', '4,"é😀""",4.00,,"x"', '']);
  });

  it('come from a query of the config, whatever stands at its end', async () => {
    await database.run('create table many as select cast(seq as signed) as id from seq_1_to_1000');
    const query = `with few as (select id from many where id < 3) select id, '?' as \`what?\` from few -- few\n ;`;
    const { columns, text } = await withSnapshot(source, (snapshot) =>
      readText(snapshot, requestOf('few', { query })),
    );
    expect(typesOf(columns)).toEqual({ id: 'bigint', 'what?': 'text' });
    expect(text).toBe('1,"?"\n2,"?"\n');
  });

  it('fail, and none is lost in silence, where the server gives no line for a row', async () => {
    // 300 columns of 64 KB make a line of 19.7 MB, above the 16 MB that max_allowed_packet is by default.
    const columns = Array.from({ length: 300 }, (_, index) => `words as c${index}`);
    await database.run(`
      create table endless (id int, words text); insert into endless values (1, repeat('x', 65535))`);
    await withSnapshot(source, (snapshot) =>
      expect(
        readText(snapshot, requestOf('endless', { query: `select ${columns.join(', ')} from endless` })),
      ).rejects.toMatchObject({
        code: 'WC-SOURCE-006',
        message: expect.stringContaining('max_allowed_packet'),
      }),
    );
  });
});
