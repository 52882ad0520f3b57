import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema } from '../config/schema.ts';
import { openDuckdb } from '../connectors/engines/duckdb/duckdb-engine.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import { allSteps } from '../transforms/all-steps.ts';
import { createEntityTables } from '../transforms/conform/entity-table.ts';
import { readPrelude } from '../transforms/prelude/read-prelude.ts';
import { buildSettingsTables } from '../transforms/settings-tables.ts';
import { generatedEntities } from './generated-entities.ts';

/**
 * Seconds of each step of the stages identity, customers and value over generated entities, twice: the second
 * night finds the ids and phone numbers of the first.
 * Usage: node dist/bench/models.js [customers, default 100000] [memory, default 4GB]
 */
const customers = Number(process.argv[2] ?? 100_000);
const memoryLimit = process.argv[3] ?? '4GB';

const folder = await mkdtemp(join(tmpdir(), 'whalecurve-bench-'));
const engine = await openDuckdb({
  databasePath: join(folder, 'state.duckdb'),
  warehousePath: join(folder, 'warehouse.duckdb'),
  memoryLimit,
  spillPrefix: join(folder, 'spill'),
  prelude: await readPrelude('duckdb'),
});
try {
  await generate(engine);
  console.log(
    '| step | rows | first night, s | CPU s | second night, s | CPU s |\n|---|---|---|---|---|---|',
  );
  const first = await buildAll(engine);
  const second = await buildAll(engine);
  for (const [index, step] of first.entries()) {
    const again = second[index] ?? step;
    console.log(`| ${step.name} | ${step.rows} | ${timesOf(step)} | ${timesOf(again)} |`);
  }
  console.log(`| total | | ${timesOf(sum(first))} | ${timesOf(sum(second))} |`);
  console.log(`peak resident memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
} finally {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
}

interface StepTime {
  name: string;
  rows: number;
  seconds: number;
  /** Of all threads, user and system: what remains comparable on a busy machine. */
  cpuSeconds: number;
}

async function generate(engine: Engine): Promise<void> {
  const config = configSchema.parse({
    sources: Object.fromEntries(
      ['crm', 'erp'].map((name) => [name, { type: 'files', path: '.', tables: {} }]),
    ),
  });
  await createEntityTables(engine);
  await buildSettingsTables(engine, config, { asOf: '2024-12-31', rates: [] });
  for (const insert of generatedEntities(customers)) await engine.run(insert);
}

async function buildAll(engine: Engine): Promise<StepTime[]> {
  const steps = await allSteps();
  const times: StepTime[] = [];
  await engine.transaction(async () => {
    for (const step of steps) {
      const start = performance.now();
      const cpuBefore = process.cpuUsage();

      const rows = await step.build(engine);
      const seconds = (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(cpuBefore);
      const cpuSeconds = (user + system) / 1e6;
      times.push({ name: `${step.table.schema}.${step.table.table}`, rows, seconds, cpuSeconds });
    }
  });
  return times;
}

function timesOf({ seconds, cpuSeconds }: Pick<StepTime, 'seconds' | 'cpuSeconds'>): string {
  return `${seconds.toFixed(2)} | ${cpuSeconds.toFixed(2)}`;
}

function sum(times: readonly StepTime[]): Pick<StepTime, 'seconds' | 'cpuSeconds'> {
  return {
    seconds: times.reduce((total, step) => total + step.seconds, 0),
    cpuSeconds: times.reduce((total, step) => total + step.cpuSeconds, 0),
  };
}
