import type { Row } from '../../connectors/engines/engine.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { type Command, startCommand } from '../pipelines/command.ts';
import { type Company, companyFiles, companyYaml, foundCompany } from '../pipelines/company.ts';
import { type EngineKind, makeWorkplace, type Workplace } from '../pipelines/workplace.ts';

export type Runner = 'inline' | 'bullmq';

/** What the sources hold: nights turn from one to the other, so that a lost night shows. */
const versions = ['first', 'second'] as const;
type Version = (typeof versions)[number];

type Tables = Record<string, Row[]>;

/** A company whose nights are killed, and the tables of nights that nobody disturbed. */
export interface KilledCompany {
  place: Workplace;
  company: Company;
  /** How long an undisturbed night takes. */
  nightMs: number;
  /** Changes the sources, and starts a night over them; with `bullmq` a worker for it. */
  startNight(runner: Runner): Promise<Night>;
  remove(): Promise<void>;
}

export interface Night {
  command: Command;
  /** Kills the whole process tree, at once. */
  kill(): Promise<void>;
  /** Starts the night again until it ends well; gives how often. */
  goOn(): Promise<number>;
  /** Tables that differ from those of an undisturbed night, with one differing row of each. */
  differences(): Promise<string[]>;
}

const environmentOf = (company: Company, redisUrl: string) => ({
  ...company.environment,
  REDIS_URL: redisUrl,
});

export async function foundKilledCompany(
  engine: EngineKind,
  options: {
    redis: { url: string; prefix: string };
    servers?: { finance?: string; sales?: string };
    /** The URLs by which the nights reach the sources, such as those of proxies. */
    reached?: (company: Company) => Promise<Record<string, string>>;
  },
): Promise<KilledCompany> {
  const { redis, servers, reached } = options;
  const company = await foundCompany(servers);
  const environment = {
    ...environmentOf(company, redis.url),
    ...(reached === undefined ? {} : await reached(company)),
  };
  const yaml = `${companyYaml}
runner: { type: bullmq, redis: \${REDIS_URL}, prefix: ${redis.prefix} }
run: { backoff: 1s }
`;
  const place = await makeWorkplace(yaml, companyFiles, environment, engine);
  const reference = {} as Record<Version, Tables>;
  let nights = 0;
  let nightMs = 0;
  const change = async (): Promise<Version> => {
    const version = versions[nights % 2] ?? 'first';
    nights += 1;
    await write(company, place, version);
    return version;
  };
  // The first night makes anew what later ones find there: it is undone by the third.
  for (let night = 1; night <= 3; night += 1) {
    const version = await change();
    const startedAt = performance.now();
    await runPipeline(await place.config(), { now: new Date(), runner: 'inline' });
    nightMs = performance.now() - startedAt;
    reference[version] = await tablesOf(place);
  }
  return {
    place,
    company,
    nightMs,
    async startNight(runner) {
      const version = await change();
      const started: Command[] = [];
      const start = () => {
        if (runner === 'bullmq') started.push(startCommand(place, ['worker'], environment));
        const command = startCommand(place, ['run', '--runner', runner], environment);
        started.push(command);
        return command;
      };
      const kill = async () => {
        for (const { child } of started) child.kill('SIGKILL');
        await Promise.all(started.map(({ ended }) => ended));
        started.length = 0;
      };
      return {
        command: start(),
        kill,
        async goOn() {
          const said: string[] = [];
          for (let attempt = 1; attempt <= mostStarts; attempt += 1) {
            const { exitCode, stderr } = await start().ended;
            await kill();
            if (isDone(exitCode)) return attempt;
            said.push(stderr.slice(-2_000));
          }
          throw new Error(`the night did not end well in ${mostStarts} starts:\n${said.join('\n')}`);
        },
        differences: async () => differencesOf(reference[version], await tablesOf(place)),
      };
    },
    remove: async () => {
      await place.remove();
      await company.drop();
    },
  };
}

const mostStarts = 5;

/** 3: the company has a row without a rate, which is more than `quarantine.max_share` of so few. */
function isDone(exitCode: number | null): boolean {
  return exitCode === 0 || exitCode === 3;
}

async function write(company: Company, place: Workplace, version: Version): Promise<void> {
  const isFirst = version === 'first';
  await company.finance.run(
    `update billing.payments set amount_cents = ${isFirst ? 1999 : 2999} where payment_id = 100`,
  );
  await company.sales.run(
    `update order_lines set amount = ${isFirst ? '20.0000' : '30.2500'} where order_no = 1 and line = 1`,
  );
  const tickets = companyFiles['exports/tickets.csv'];
  await place.write({ 'exports/tickets.csv': isFirst ? tickets : tickets.replace('12,5', '17,5') });
}

/** Of the run history what happened and when is in it; which rows there are, and what they hold, is compared. */
const history = ['runs', 'run_jobs', 'run_tables', 'checks'];
const notCompared = [
  ...history.map((name) => `warehouse.${name}`),
  ...[...history, 'published_runs', 'fence', 'kept_extracts', 'version'].map((name) => `whalecurve.${name}`),
  'warehouse.quarantine',
  'whalecurve.quarantine',
];

async function tablesOf(place: Workplace): Promise<Tables> {
  return {
    ...(await place.tables('state', { except: notCompared })),
    ...(await place.tables('warehouse', { except: notCompared })),
  };
}

function differencesOf(expected: Tables, found: Tables): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  return names.flatMap((name) => {
    const [wanted, present] = [expected[name] ?? [], found[name] ?? []].map((rows) =>
      rows.map((row) => JSON.stringify(row)),
    );
    const missing = wanted?.find((row) => !present?.includes(row));
    const more = present?.find((row) => !wanted?.includes(row));
    if (wanted?.length === present?.length && missing === undefined && more === undefined) return [];
    return [`${name}: without ${missing ?? 'nothing'}, with ${more ?? 'nothing'} in its place`];
  });
}
