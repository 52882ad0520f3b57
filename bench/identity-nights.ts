import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema } from '../config/schema.ts';
import { openDuckdb } from '../connectors/engines/duckdb/duckdb-engine.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import { allSteps } from '../transforms/all-steps.ts';
import { createEntityTables } from '../transforms/conform/entity-table.ts';
import { readPrelude } from '../transforms/prelude/read-prelude.ts';
import { buildSettingsTables } from '../transforms/settings-tables.ts';
import { generatedAccountsSql, writeGeneratedAccounts } from './generated-accounts.ts';

/**
 * Time of stage identity over the nights of a generated company: the first learns, the second, in which one account changed,
 * compares everything under the kept model, then nothing has changed, then 1 % of the accounts (half of it changed, a quarter new, a quarter gone).
 * Usage: node dist/bench/identity-nights.js [customers, default 59000, which are about 200,000 accounts] [memory, default 2GB]
 */
const customers = Number(process.argv[2] ?? 59_000);
const memoryLimit = process.argv[3] ?? '2GB';

const folder = await mkdtemp(join(tmpdir(), 'whalecurve-bench-'));
const databasePath = join(folder, 'state.duckdb');
const engine = await openDuckdb({
  databasePath,
  warehousePath: join(folder, 'warehouse.duckdb'),
  memoryLimit,
  threads: 2,
  spillPrefix: join(folder, 'spill'),
  prelude: await readPrelude('duckdb'),
});
try {
  await prepare(engine);
  console.log(
    '| night | accounts | matching, s | CPU s | whole stage, s | CPU s |\n|---|---|---|---|---|---|',
  );
  await measureNight('learns', engine);
  await engine.run(
    `update entities.accounts set street = '5 New Street'
     where source_key = (select min(source_key) from entities.accounts)`,
  );
  await measureNight('whole, under the kept model', engine);
  await measureNight('nothing changed', engine);
  await change(engine);
  await measureNight('1 % changed', engine);
  const { size } = await stat(`${databasePath}.matching`);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`file of kept pairs: ${Math.round(size / 1e6)} MB; peak resident memory: ${peak} MB`);
} finally {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
}

/** entities.accounts of four sources; a quarter percent of the accounts waits in a table of its own. */
async function prepare(state: Engine): Promise<void> {
  const names = ['finance', 'sales', 'service', 'marketing'];
  const config = configSchema.parse({
    sources: Object.fromEntries(names.map((name) => [name, { type: 'files', path: '.', tables: {} }])),
  });
  writeGeneratedAccounts({ seed: 1, customers }, folder);
  await createEntityTables(state);
  await buildSettingsTables(state, config, { asOf: '2024-12-31', rates: [] });
  await state.run(`create table entities.all_accounts as
    select source, source as account_source, 'people' as source_table, account_ref as source_key, account_ref, full_name,
      given_name, family_name, company_name, email, phone, try_cast(date_of_birth as date) as date_of_birth, street, city,
      postcode, country, tax_id
    from (${generatedAccountsSql(folder)})`);
  await state.run(
    'insert into entities.accounts by name select * from entities.all_accounts where hash(account_ref) % 400 <> 0',
  );
}

async function change(state: Engine): Promise<void> {
  await state.run(
    `update entities.accounts set street = '7 New Street', phone = null where hash(account_ref) % 200 = 1`,
  );
  await state.run('delete from entities.accounts where hash(account_ref) % 400 = 2');
  await state.run(
    'insert into entities.accounts by name select * from entities.all_accounts where hash(account_ref) % 400 = 0',
  );
}

async function measureNight(name: string, state: Engine): Promise<void> {
  const steps = (await allSteps()).filter(({ table }) => table.schema === 'identity');
  const times = { matching: [0, 0], stage: [0, 0] };
  let accounts = 0;
  await state.transaction(async () => {
    for (const step of steps) {
      const [start, before] = [performance.now(), process.cpuUsage()];
      const rows = await step.build(state);
      const { user, system } = process.cpuUsage(before);
      const spent = [(performance.now() - start) / 1000, (user + system) / 1e6];
      if (step.table.table === 'links') times.matching = spent;
      if (step.table.table === 'accounts') accounts = rows;
      times.stage = times.stage.map((seconds, index) => seconds + (spent[index] ?? 0));
    }
  });
  const cells = [...times.matching, ...times.stage].map((seconds) => seconds.toFixed(1));
  console.log(`| ${name} | ${accounts} | ${cells.join(' | ')} |`);
}
