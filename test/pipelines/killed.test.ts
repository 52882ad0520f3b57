import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runsFolder } from '../../connectors/engines/open-engine.ts';
import { foundKilledCompany, type KilledCompany, type Runner } from '../chaos/killed-company.ts';
import { createRedisPrefix } from '../servers/redis.ts';
import { killCommands } from './command.ts';
import { type EngineKind, engines } from './workplace.ts';

/** Two kills on each engine, where the state changes hands; `npm run test:chaos` kills at many random instants. */
const kills: Record<EngineKind, [Runner, string][]> = {
  duckdb: [
    ['inline', 'extract:sales'],
    ['bullmq', 'publish'],
  ],
  postgres: [
    ['bullmq', 'load:sales'],
    ['inline', 'models:value'],
  ],
};

describe.each(engines)('a night on engine %s that is killed with all of its processes', (engine) => {
  const redis = createRedisPrefix();
  let killed: KilledCompany;
  beforeAll(async () => {
    killed = await foundKilledCompany(engine, { redis });
  }, 240_000);
  afterAll(async () => {
    killCommands();
    await killed.remove();
    await redis.drop();
  });

  it.each(kills[engine])(
    'by the runner %s while %s is at work goes on when it is started again, with the tables of an undisturbed one',
    async (runner, job) => {
      const night = await killed.startNight(runner);
      await night.command.logged('"message":"job started"', `"job":"${job}"`);
      await night.kill();
      await night.goOn();
      expect(await night.differences()).toEqual([]);
      const [newest] = await killed.place.query(
        'state',
        'select status, starts from whalecurve.runs order by started_at desc limit 1',
      );
      expect(newest).toEqual({ status: 'done', starts: '2' });
      expect(await readdir(runsFolder((await killed.place.config()).warehouse)).catch(() => [])).toEqual([]);
    },
    240_000,
  );
});
