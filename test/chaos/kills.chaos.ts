import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FaultProxy, startProxy } from '../faults/proxy.ts';
import { killCommands } from '../pipelines/command.ts';
import { engines } from '../pipelines/workplace.ts';
import { type OwnMariadb, startOwnMariadb } from '../servers/own-mariadb.ts';
import { type OwnPostgres, startOwnPostgres } from '../servers/own-postgres.ts';
import { type OwnRedis, startOwnRedis } from '../servers/own-redis.ts';
import { foundKilledCompany, type KilledCompany } from './killed-company.ts';

/** In all, over both engines and both runners. */
const kills = Number(process.env.WHALECURVE_CHAOS_KILLS ?? 200);
const seed = Number(process.env.WHALECURVE_TEST_SEED ?? 20260101);

/** What befalls a night before it is killed. */
const fates = [
  'none',
  'redis restarts',
  'postgres restarts',
  'mariadb restarts',
  'connections are cut',
] as const;

const plan = fc.record({
  runner: fc.constantFrom('inline' as const, 'bullmq' as const),
  fate: fc.constantFrom(...fates),
  /** In thousandths of an undisturbed night; any is as likely as any other. */
  fateAt: fc.noBias(fc.integer({ min: 0, max: 1_000 })),
  killAt: fc.noBias(fc.integer({ min: 0, max: 1_200 })),
  cutAfterBytes: fc.noBias(fc.integer({ min: 0, max: 20_000 })),
});

let postgres: OwnPostgres;
let mariadb: OwnMariadb;
let redis: OwnRedis;
const found = { ...process.env };

beforeAll(async () => {
  [postgres, mariadb, redis] = await Promise.all([startOwnPostgres(), startOwnMariadb([]), startOwnRedis()]);
  // Also the warehouse of engine `postgres` lies on a server that restarts.
  process.env.WHALECURVE_TEST_POSTGRES_URL = postgres.url;
  process.env.WHALECURVE_TEST_MARIADB_URL = mariadb.url;
}, 300_000);
afterAll(async () => {
  killCommands();
  process.env = found;
  await Promise.all([postgres.stop(), mariadb.stop(), redis.stop()]);
}, 300_000);

describe.each(engines)('on engine %s', (engine) => {
  const proxies: FaultProxy[] = [];
  let killed: KilledCompany;

  beforeAll(async () => {
    killed = await foundKilledCompany(engine, {
      redis: { url: redis.url, prefix: `chaos-${randomBytes(4).toString('hex')}` },
      reached: async ({ finance, sales }) => {
        proxies.push(await startProxy(finance.url), await startProxy(sales.url));
        return { FINANCE_URL: proxies[0]?.url ?? '', SALES_URL: proxies[1]?.url ?? '' };
      },
    });
  }, 600_000);
  afterAll(async () => {
    await killed.remove();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  });

  const befall = async (fate: (typeof fates)[number]) => {
    if (fate === 'redis restarts') await redis.restart();
    if (fate === 'postgres restarts') await postgres.restart();
    if (fate === 'mariadb restarts') await mariadb.restart();
  };

  const count = Math.ceil(kills / engines.length);
  const plans = fc.sample(plan, { seed: engine === 'duckdb' ? seed : seed + 1, numRuns: count });

  it.each(plans.map((one, index) => [index + 1, one] as const))(
    `kill %i of ${count}: %j`,
    async (_number, { runner, fate, fateAt, killAt, cutAfterBytes }) => {
      const night = await killed.startNight(runner);
      for (const proxy of proxies) {
        proxy.mischief =
          fate === 'connections are cut' ? { kind: 'cut', afterBytes: cutAfterBytes } : { kind: 'none' };
      }
      const untilThousandth = (count: number) => wait((count / 1_000) * killed.nightMs);
      await untilThousandth(Math.min(fateAt, killAt));
      await befall(fate);
      await untilThousandth(Math.max(killAt - fateAt, 0));
      await night.kill();
      for (const proxy of proxies) proxy.mischief = { kind: 'none' };
      await night.goOn();
      expect(await night.differences()).toEqual([]);
    },
    600_000,
  );
});
