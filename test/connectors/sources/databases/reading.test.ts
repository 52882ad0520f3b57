import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Source } from '../../../../connectors/sources/source.ts';
import type { TestDatabase } from '../../../servers/postgres.ts';
import { readText, requestOf, withSnapshot } from '../database-source.ts';
import { databaseServers } from './servers.ts';

describe.each(databaseServers)('the rows of a table of $name', (server) => {
  const { csvText, numbers, quoted } = server;
  let database: TestDatabase;
  let source: Source;

  beforeAll(async () => {
    database = await server.createDatabase();
    source = server.sourceOf(database.url);
  });
  afterAll(() => database.drop());

  const read = (name: string, options?: { limit: number }) =>
    withSnapshot(source, (snapshot) => readText(snapshot, requestOf(name), options));

  it('tell no value from empty text, and keep quotes, line ends, commas and emoji', async () => {
    await database.run(`
      create table texts (id integer, words varchar(50));
      insert into texts values (1, null), (2, ''), (3, 'say "no"'), (4, 'one\r\ntwo\nthree'), (5, 'a,b'),
        (6, '😀 Straße'), (7, ' blank '), (8, concat(chr(92), 'N')), (9, 'null')`);
    expect((await read('texts')).text).toBe(
      '1,\n2,""\n3,"say ""no"""\n4,"one\r\ntwo\nthree"\n5,"a,b"\n' +
        `6,${csvText('😀 Straße')}\n7,${csvText(' blank ')}\n8,${csvText('\\N')}\n9,${csvText('null')}\n`,
    );
  });

  it('come from tables and columns of any name, found in any case', async () => {
    const names = [
      'Straße',
      'a"b',
      'per cent %',
      'back`tick',
      'MixedCase',
      'really?',
      'net.amount',
      'price as paid',
      'select',
    ];
    await database.run(`
      create table ${quoted('order')} (${names.map((name) => `${quoted(name)} integer`).join(', ')});
      insert into ${quoted('order')} values (1, 2, 3, 4, 5, 6, 7, 8, 9)`);
    const { columns, text } = await read('ORDER');
    expect(columns.map(({ name }) => name)).toEqual(names);
    expect(text).toBe('1,2,3,4,5,6,7,8,9\n');
    expect((await read(`${server.schemaOf(database.url)}.order`)).text).toBe(text);
  });

  it('are none of an empty table, and as many as a preview asks for', async () => {
    await database.run(`create table nothing (id integer); create table many (id integer);
      insert into many select n from ${numbers(1000)}`);
    expect((await read('nothing')).text).toBe('');
    expect((await read('many', { limit: 3 })).text).toBe('1\n2\n3\n');
  });

  it('arrive whole and in bounded memory when the consumer is slow', async () => {
    await database.run(
      `create table wide as select n as id, repeat('x', 1000) as filler from ${numbers(20_000)}`,
    );
    await withSnapshot(source, async (snapshot) => {
      for await (const part of snapshot.read(requestOf('wide'))) {
        if (part.kind !== 'csv') throw new Error('a database sends CSV');
        let length = 0;
        for await (const chunk of part.bytes) {
          length += chunk.length;
          expect(part.bytes.readableLength).toBeLessThan(4 * 1024 * 1024);
          await new Promise((resolve) => setImmediate(resolve));
        }
        // Digits of 1 to 20,000: 9 + 180 + 2,700 + 36,000 + 50,005 = 88,894; then comma, filler, its quotes and LF.
        expect(length).toBe(88_894 + 20_000 * (1002 + csvText('').length));
      }
    });
  });
});
