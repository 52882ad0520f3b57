import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import mysql from 'mysql2/promise';
import pg from 'pg';
import type { Row } from '../../../connectors/engines/engine.ts';
import { engines } from '../../connectors/engines/engines.ts';
import { type DatabaseServer, databaseServers } from '../../connectors/sources/databases/servers.ts';
import type { TestDatabase } from '../../servers/postgres.ts';
import { type Nights, rawRows, startNights } from './nights-of-a-table.ts';

/**
 * Writers at work between and within the nights: whatever they do, the raw table of each engine equals the source at the
 * end. Time at the source is simulated: minutes since 2026, one for each step.
 */
type Step =
  | { kind: 'insert' | 'update' | 'delete'; row: number; amount: number }
  /** A transaction begins, writes with the time of its beginning, or of long before it, and commits steps later. */
  | { kind: 'begin'; row: number; amount: number; minutesBack: number }
  | { kind: 'commit' }
  /** `between`: what is written after the snapshot was read and before it is loaded. */
  | { kind: 'night'; between: { row: number; amount: number } | null };

const row = fc.nat(12);
const amount = fc.nat(9999);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('insert' as const), row, amount }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('update' as const), row, amount }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), row, amount }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('begin' as const), row, amount, minutesBack: fc.nat(30) }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'commit' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('night' as const),
      between: fc.option(fc.record({ row, amount })),
    }),
  },
);

/** Longer than any transaction and any clock that goes wrong: MariaDB does not say which transactions are open. */
const lookbackOf = { PostgreSQL: undefined, MariaDB: '2h' } as const;
const typeOf = { PostgreSQL: 'postgres', MariaDB: 'mysql' } as const;

interface Writer {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<Row[]>;
  end(): Promise<void>;
}

describe.each(databaseServers)('writers of $name between the nights', (server) => {
  const name = server.name as keyof typeof typeOf;
  let database: TestDatabase;
  let late: Writer;
  let plain: Writer;
  let all: Nights[];
  let tables = 0;

  beforeAll(async () => {
    database = await server.createDatabase();
    [late, plain] = await Promise.all([openWriter(server, database.url), openWriter(server, database.url)]);
    all = await Promise.all(engines.slice(0, 2).map(async ({ start }) => startNights(await start())));
  });
  afterAll(async () => {
    await Promise.all([late.end(), plain.end(), ...all.map((nights) => nights.end())]);
    await database.drop();
  });

  it('lose no row and load none twice, on both engines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 30 }), async (steps) => {
        tables += 1;
        const table = `t${tables}`;
        await plain.run(
          `create table ${table} (id int primary key, amount int, updated_at ${name === 'MariaDB' ? 'datetime' : 'timestamp'})`,
        );
        const source = {
          type: typeOf[name],
          url: database.url,
          tables: {
            [table]: {
              cursor: 'updated_at',
              lookback: lookbackOf[name],
              deletes: 'compare_keys',
              max_vanished_share: 1,
            },
          },
        };
        const night = async (between: () => Promise<void>) => {
          let written: Promise<void> | undefined;
          for (const nights of all) {
            await nights.night(source, { beforeLoad: async () => (written ??= between()) });
          }
        };
        let minute = 100;
        let busy: number | null = null;
        const put = async (writer: Writer, id: number, value: number, at: number) => {
          const time = `'${new Date(Date.UTC(2026, 0, 1, 0, at)).toISOString().slice(0, 19).replace('T', ' ')}'`;
          const [found] = await writer.rows(`select id from ${table} where id = ${id}`);
          await writer.run(
            found === undefined
              ? `insert into ${table} values (${id}, ${value}, ${time})`
              : `update ${table} set amount = ${value}, updated_at = ${time} where id = ${id}`,
          );
        };
        for (const one of steps) {
          minute += 1;
          if (one.kind === 'commit') {
            if (busy !== null) await late.run('commit');
            busy = null;
          } else if (one.kind === 'night') {
            await night(async () => {
              if (one.between !== null && one.between.row !== busy) {
                await put(plain, one.between.row, one.between.amount, minute);
              }
            });
          } else if (one.row === busy) {
            // The row is locked.
          } else if (one.kind === 'begin') {
            if (busy !== null) continue;
            busy = one.row;
            await late.run('begin');
            await put(late, one.row, one.amount, minute - one.minutesBack);
          } else if (one.kind === 'delete') {
            const [found] = await plain.rows(`select id from ${table} where id = ${one.row}`);
            if (found !== undefined) await plain.run(`delete from ${table} where id = ${one.row}`);
          } else {
            await put(plain, one.row, one.amount, minute);
          }
        }
        if (busy !== null) await late.run('commit');
        await night(async () => {});
        const expected = await plain.rows(`select id, amount, updated_at from ${table} order by id`);
        for (const nights of all) {
          const raw = await rawRows(nights.engine, `shop__${table}`);
          const said = raw.map((found) => ({
            ...found,
            updated_at: String(found.updated_at).slice(0, 19).replace('T', ' '),
          }));
          expect(said).toEqual(expected);
        }
      }),
      { numRuns: 5, endOnFailure: true },
    );
  }, 300_000);
});

/** Values as the server's text, but for whole numbers. */
async function openWriter({ name }: DatabaseServer, url: string): Promise<Writer> {
  if (name === 'PostgreSQL') {
    const client = new pg.Client(url);
    await client.connect();
    pg.types.setTypeParser(pg.types.builtins.TIMESTAMP, (text) => text);
    return {
      run: async (sql) => void (await client.query(sql)),
      rows: async (sql) => (await client.query(sql)).rows as Row[],
      end: () => client.end(),
    };
  }
  const connection = await mysql.createConnection({ uri: url, dateStrings: true });
  // As PostgreSQL: a statement sees what was committed before it.
  await connection.query('set session transaction isolation level read committed');
  return {
    run: async (sql) => void (await connection.query(sql)),
    rows: async (sql) => (await connection.query(sql))[0] as Row[],
    end: () => connection.end(),
  };
}
