import { describe, expect, it } from '@jest/globals';
import { requestOf, withSnapshot } from '../connectors/sources/database-source.ts';
import { databaseServers } from '../connectors/sources/databases/servers.ts';
import { holdAgainst, land, testEngines } from './gate.ts';

/** Each server and each engine once: the smaller tests cross them all. */
const pairs = databaseServers.flatMap((server, index) => {
  const engine = testEngines[index % testEngines.length];
  return engine === undefined ? [] : [{ ...server, ...engine }];
});

describe.each(pairs)(
  'a table of a million rows between $name and $engineName',
  ({ openEngine, ...server }) => {
    it('that loses exactly one on the way fails the gate, and one that loses none passes', async () => {
      const database = await server.createDatabase();
      const engine = await openEngine();
      try {
        await database.run(`create table payments as
        select n as id, n % 1000 as amount, concat('note "', n, '"') as note from ${server.numbers(1_000_000)}`);
        await withSnapshot(server.sourceOf(database.url), async (snapshot) => {
          const request = requestOf('payments', { key: ['id'] }, ['amount']);
          const whole = await land(engine, snapshot, request);
          const control = await snapshot.control(request, whole.columns);
          holdAgainst(control, whole);
          const short = await land(engine, snapshot, request, { kind: 'drop', row: 654_321 });
          expect(() => holdAgainst(control, short)).toThrow(
            expect.objectContaining({
              code: 'WC-GATE-001',
              where: 'finance.rows',
              message: expect.stringContaining('expected 1000000, found 999999 (and 2 more'),
            }),
          );
        });
      } finally {
        await engine.close();
        await database.drop();
      }
    }, 600_000);
  },
);
