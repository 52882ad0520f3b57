import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { openSession } from '../connectors/engines/duckdb/session.ts';
import {
  measurePartition,
  type PartitionMeasures,
} from '../transforms/identity/measure/partition-measures.ts';
import { defaultPairwiseSettings } from '../transforms/identity/pairwise/default-settings.ts';
import { columnsOf, readColumns } from '../transforms/identity/pairwise/duckdb-rows.ts';
import { type Resolution, resolve } from '../transforms/identity/pairwise/resolve.ts';
import { comparableNumber } from '../transforms/identity/phone-dictionary.ts';
import { generatedAccountsSql, writeGeneratedAccounts } from './generated-accounts.ts';
import { labelledSets, withOwnAttributes } from './labelled-sets.ts';

/**
 * Quality of identity resolution on labelled data, unsupervised and with one configuration, and time on generated
 * companies. Each runs in a process of its own, whose peak memory is that of the set alone.
 * Usage: node dist/bench/identity.js [customers of the generated company, default 295000; 0 for none]
 * The labelled sets are looked for in WHALECURVE_BENCH_DATA, by default ../shared/data.
 */
const folder = process.env.WHALECURVE_BENCH_DATA ?? '../shared/data';
const generated = 'generated company';

function measureInOwnProcess(name: string, customers: number): void {
  const script = process.argv[1] ?? '';
  execFileSync(process.execPath, [script, 'one', name, String(customers)], { stdio: 'inherit' });
}

async function measureOne(name: string, customers: number): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'whalecurve-bench-'));
  const session = await openSession(
    { memoryLimit: '2500MB', threads: 2, spillPrefix: join(work, 'spill') },
    'identity',
  );
  try {
    const set = labelledSets(folder).find((labelled) => labelled.name === name);
    if (set === undefined) writeGeneratedAccounts({ seed: 1, customers }, work);
    set?.generate?.(work);
    const select = set?.sql(work) ?? generatedAccountsSql(work);
    await session.connection.run(`create table labelled as ${select}`);
    const columns = await columnsOf(session.connection, 'labelled');
    const settings = withOwnAttributes(defaultPairwiseSettings, set?.ownAttributes ?? []);
    const watch = new StageWatch();
    if (columns.includes('country')) {
      watch.next('phone numbers');
      await writeComparableNumbers(session.connection);
    }
    const hidden = ['truth', ...(set?.without ?? [])].filter((column) => columns.includes(column));
    await session.connection.run(
      `create table unlabelled as select * exclude (${hidden.join(', ')}) from labelled`,
    );
    const found = await resolve(session.connection, 'unlabelled', settings, {
      onStage: (stage) => watch.next(stage),
      uniqueWithin: set?.uniqueWithin ?? [],
    });
    watch.next('');
    const { pairwise, largestFound } = await qualityOf(session.connection, found);
    const shares = [pairwise.precision, pairwise.recall, pairwise.f1].map((share) => share?.toFixed(4) ?? '');
    const blocked = await blockingRecall(session.connection);
    const peak = Math.round(process.resourceUsage().maxRSS / 1024);
    console.log(
      `| ${name} | ${set?.isHeldOut ? 'no' : 'yes'} | ${found.accounts} | ${blocked.toFixed(4)} | ${shares.join(' | ')} | ${largestFound} | ${found.cut.bits.toFixed(2)} | ${watch.total()} | ${peak} | ${watch.stages()} |`,
    );
  } finally {
    await session.close();
    await rm(work, { recursive: true, force: true });
  }
}

/** As the phone dictionary does for a run: each distinct number once. */
async function writeComparableNumbers(connection: DuckDBConnection): Promise<void> {
  const reader = await connection.runAndReadAll(
    `select distinct phone, coalesce(country, '') from labelled where phone is not null`,
  );
  await connection.run('create temp table numbers (phone text, country text, number text)');
  const appender = await connection.createAppender('numbers');
  for (const [phone, country] of reader.getRows()) {
    const number = comparableNumber(String(phone), String(country));
    appender.appendVarchar(String(phone));
    appender.appendVarchar(String(country));
    if (number === undefined) appender.appendNull();
    else appender.appendVarchar(number);
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`create or replace table labelled as
    select labelled.* replace (numbers.number as phone)
    from labelled
    left join numbers on numbers.phone = labelled.phone and numbers.country = coalesce(labelled.country, '')`);
}

async function qualityOf(connection: DuckDBConnection, { clusters }: Resolution): Promise<PartitionMeasures> {
  const [truth = []] = await readColumns(
    connection,
    'select dense_rank() over (order by truth) from labelled order by account_number',
    1,
  );
  return measurePartition<number>(clusters, truth);
}

/** Share of the true pairs that the rules of blocking found. */
async function blockingRecall(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll(`
    with truths as (select (row_number() over (order by account_number) - 1)::integer as node, truth from labelled)
    select (select count(*) from pairs inner join truths as one on one.node = l inner join truths as other on other.node = r
        where one.truth = other.truth)
      / (select sum(accounts * (accounts - 1) / 2) from (select count(*) as accounts from truths group by truth))`);
  return Number(reader.getRows()[0]?.[0]);
}

class StageWatch {
  readonly #stages: { name: string; seconds: number; cpuSeconds: number }[] = [];
  #name = '';
  #wall = performance.now();
  #cpu = process.cpuUsage();

  next(name: string): void {
    const { user, system } = process.cpuUsage(this.#cpu);
    if (this.#name !== '') {
      const seconds = (performance.now() - this.#wall) / 1000;
      this.#stages.push({ name: this.#name, seconds, cpuSeconds: (user + system) / 1e6 });
    }
    this.#name = name;
    this.#wall = performance.now();
    this.#cpu = process.cpuUsage();
  }

  /** Seconds, then CPU seconds, as two cells. */
  total(): string {
    const sum = (of: 'seconds' | 'cpuSeconds'): string =>
      this.#stages.reduce((total, stage) => total + stage[of], 0).toFixed(1);
    return `${sum('seconds')} | ${sum('cpuSeconds')}`;
  }

  stages(): string {
    return this.#stages
      .map(({ name, seconds, cpuSeconds }) => `${name} ${seconds.toFixed(1)} (${cpuSeconds.toFixed(1)})`)
      .join(', ');
  }
}

if (process.argv[2] === 'one') {
  await measureOne(process.argv[3] ?? '', Number(process.argv[4]));
} else {
  const customers = Number(process.argv[2] ?? 295_000);
  console.log(
    '| data | tuned on | accounts | blocking recall | precision | recall | F1 | largest | cut | s | CPU s | peak MB | stages, s (CPU s) |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|---|---|---|');
  for (const { name, file } of labelledSets(folder)) {
    if (file === undefined || existsSync(file)) measureInOwnProcess(name, 0);
    else console.log(`| ${name} | skipped: ${file} is not there | | | | | | | | | | | |`);
  }
  if (customers > 0) measureInOwnProcess(generated, customers);
}
