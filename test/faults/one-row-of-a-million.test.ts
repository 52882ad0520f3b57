import { describe, expect, it } from '@jest/globals';
import { testEngines } from '../connectors/engines/engines.ts';
import { requestOf, withSnapshot } from '../connectors/sources/database-source.ts';
import { databaseServers } from '../connectors/sources/databases/servers.ts';
import { holdAgainst, land } from './gate.ts';

/** Each server and each engine once, one pair with all of the million: the smaller tests cross them all. */
const pairs = databaseServers.flatMap((server, index) => {
  const engine = testEngines[index % testEngines.length];
  return engine === undefined ? [] : [{ ...server, ...engine, count: index === 0 ? 1_000_000 : 200_000 }];
});

describe.each(pairs)(
  'a table of $count rows between $name and $engineName',
  ({ openEngine, count, ...server }) => {
    it('that loses exactly one on the way fails the gate, and one that loses none passes', async () => {
      const database = await server.createDatabase();
      const engine = await openEngine();
      try {
        await database.run(`create table payments as
        select n as id, n % 1000 as amount, concat('note "', n, '"') as note from ${server.numbers(count)}`);
        await withSnapshot(server.sourceOf(database.url), async (snapshot) => {
          const request = requestOf('payments', { key: ['id'] }, ['amount']);
          const whole = await land(engine, snapshot, request);
          const control = await snapshot.control(request, whole.columns);
          holdAgainst(control, whole);
          const short = await land(engine, snapshot, request, { kind: 'drop', row: 154_321 });
          expect(() => holdAgainst(control, short)).toThrow(
            expect.objectContaining({
              code: 'WC-GATE-001',
              where: 'finance.rows',
              message: expect.stringContaining(`expected ${count}, found ${count - 1} (and 2 more`),
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
