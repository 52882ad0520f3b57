import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { EngineUnderTest } from '../../connectors/engines/engines.ts';
import { rawRows, type SourceSettings, startNights } from '../incremental/nights-of-a-table.ts';

export interface ChangedServer {
  /** Of the table `things`, whose key is `id` and `part`. */
  create: string;
  /** A statement that inserts a row, or replaces the one of its key. */
  upsert(values: string): string;
  text(value: string): string;
  run(sql: string): Promise<void>;
  /** Its settings but for the tables. */
  source: SourceSettings;
}

const nightCount = 6;
const words = ['', ' ', 'a', 'A', 'ä', '漢', "it's", 'a"b', 'a,b', 'a\nb', '\\', 'null', '{x}', '🐋'];
const amounts = ['null', '0', '-0.01', '9999999999.99', '1.5', '12'];
const moments = ['null', "'2026-01-01 00:00:00'", "'1999-12-31 23:59:59.999999'", "'2026-06-30 12:00:00.5'"];

/** Statements of one night, some of them together in a transaction. */
function changes({ upsert, text }: ChangedServer): fc.Arbitrary<string[]> {
  const id = fc.integer({ min: 1, max: 12 });
  const word = fc.constantFrom(...words).map(text);
  const values = fc.tuple(fc.constantFrom(...amounts), word, fc.constantFrom(...moments));
  const insert = fc
    .tuple(id, word, values)
    .map(([key, part, [amount, note, moment]]) => upsert(`(${key}, ${part}, ${amount}, ${note}, ${moment})`));
  const update = fc
    .tuple(id, values)
    .map(([key, [amount, note]]) => `update things set amount = ${amount}, note = ${note} where id = ${key}`);
  const move = fc
    .tuple(id, id)
    .filter(([from, to]) => from !== to)
    .map(
      ([from, to]) => `delete from things where id = ${to}; update things set id = ${to} where id = ${from}`,
    );
  const remove = id.map((key) => `delete from things where id = ${key}`);
  const one = fc.oneof(
    { weight: 8, arbitrary: insert },
    { weight: 4, arbitrary: update },
    { weight: 2, arbitrary: move },
    { weight: 2, arbitrary: remove },
    { weight: 1, arbitrary: fc.constant('truncate table things') },
  );
  const many = fc.array(one, { minLength: 1, maxLength: 5 }).map((list) => list.join('; '));
  const whole = many
    .filter((statements) => !statements.includes('truncate'))
    .map((statements) => `start transaction; ${statements}; commit`);
  const undone = many
    .filter((statements) => !statements.includes('truncate'))
    .map((statements) => `start transaction; ${statements}; rollback`);
  return fc.array(fc.oneof({ weight: 6, arbitrary: many }, { weight: 3, arbitrary: whole }, undone), {
    maxLength: 6,
  });
}

/** After each of some nights of random changes, raw has the rows that a full extraction of the table lands. */
export async function expectSameAsWhole(
  server: ChangedServer,
  start: () => Promise<EngineUnderTest>,
): Promise<void> {
  const seed = fc.readConfigureGlobal().seed ?? 20_261;
  const nights = fc.sample(changes(server), { seed, numRuns: nightCount });
  await server.run(server.create);
  const [byLog, whole] = [await startNights(await start()), await startNights(await start())];
  try {
    for (const statements of [[], ...nights]) {
      for (const statement of statements) await server.run(statement);
      await byLog.night({ ...server.source, tables: { things: { strategy: 'cdc', max_vanished_share: 1 } } });
      await whole.night({ ...server.source, tables: { things: {} } });
      const rowsOf = async ({ engine }: typeof byLog) =>
        (await rawRows(engine, 'shop__things')).map((row) => JSON.stringify(row)).sort();
      expect({ seed, rows: await rowsOf(byLog) }).toEqual({ seed, rows: await rowsOf(whole) });
    }
  } finally {
    await byLog.end();
    await whole.end();
  }
}
