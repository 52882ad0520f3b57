import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageVersion } from '../config/package-version.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import { databaseExists, runsFolder } from '../connectors/engines/open-engine.ts';
import { withEngine } from '../transforms/with-engine.ts';
import type { RunStart } from './job.ts';
import { runFolder } from './run-folder.ts';
import { configHash } from './run-origin.ts';

/** What the folder of a run says of it, so that the next start can tell whether it would be the same run. */
interface StartFile {
  run: RunStart;
  configHash: string;
  productVersion: string;
}

const fileName = 'run.json';

/** Failures of the jobs that hold the state after which they may be done again as they are. */
const passing = ['WC-RUN-001', 'WC-RUN-004', 'WC-RUN-006', 'WC-ENGINE-005'];

/** Written aside and renamed, before the run does anything: killed at any instant, it can be found. */
export async function writeStart(config: LoadedConfig, run: RunStart): Promise<void> {
  const file = join(runFolder(config, run.runId), fileName);
  const start: StartFile = { run, configHash: await configHash(config), productVersion: packageVersion() };
  await writeFile(`${file}.part`, JSON.stringify(start));
  await rename(`${file}.part`, file);
}

/**
 * The run that this start goes on with, or null: the newest that was killed, cancelled, or failed while a source was
 * read, began within `run.resume_within`, and had the same pipeline, config, product and `as_of`. For the holder of the
 * lock, which makes sure that no such run is alive. A run of another pipeline or date in between removes its folder.
 */
export async function interruptedRun(config: LoadedConfig, wanted: RunStart): Promise<RunStart | null> {
  const hash = await configHash(config);
  const names = await readdir(runsFolder(config.warehouse)).catch(nothingWhereMissing);
  for (const name of names.sort().reverse()) {
    const start = await readStart(join(runsFolder(config.warehouse), name, fileName));
    if (start === null) continue;
    const { run } = start;
    const ageMs = Date.parse(wanted.startedAt) - Date.parse(run.startedAt);
    const isSame =
      run.pipeline === wanted.pipeline &&
      run.asOf === wanted.asOf &&
      start.configHash === hash &&
      start.productVersion === packageVersion();
    if (!isSame || ageMs < 0 || ageMs >= config.run.resume_within) continue;
    if (await canGoOn(config, run.runId)) return { ...run, start: run.start + 1 };
  }
  return null;
}

/**
 * Whether a run that is not alive may be continued: it never ended, or ended by what is no fault of the jobs that hold
 * the state. A gate that failed, a mapping or a model would fail again on the same rows: then the sources are read
 * anew.
 */
export async function canGoOn(config: LoadedConfig, runId: string): Promise<boolean> {
  if (config.run.resume_within === 0) return false;
  if (!(await databaseExists(config.warehouse, 'state'))) return true;
  return withEngine(config.warehouse, { isReadOnly: true }, (engine) => isInterrupted(engine, runId));
}

async function isInterrupted(engine: Engine, runId: string): Promise<boolean> {
  const tables = await engine.query(
    "select table_name from information_schema.tables where table_schema = 'whalecurve' and table_name in ('runs', 'run_jobs')",
  );
  // Killed before its first statement.
  if (tables.length < 2) return true;
  const [run] = await engine.query('select status from whalecurve.runs where run_id = $1', [runId]);
  if (run === undefined || run.status === 'running') return true;
  if (run.status === 'done') return false;
  const failed = await engine.query(
    "select error_code from whalecurve.run_jobs where run_id = $1 and status = 'failed' and kind <> 'extract'",
    [runId],
  );
  return failed.every(({ error_code }) => passing.includes(String(error_code)));
}

async function readStart(file: string): Promise<StartFile | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as StartFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function nothingWhereMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
