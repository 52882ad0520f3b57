import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import type { TableForm } from '../connectors/sources/source.ts';
import { withEngine } from '../transforms/with-engine.ts';
import type { RunStart } from './job.ts';

/** How the files of each table are written, by name of the source and of the table. */
export type FileForms = Readonly<Record<string, Readonly<Record<string, TableForm>>>>;

/**
 * What the runs before found of the files, so that a night does not guess it anew: a night in which every day is
 * below 13 must not turn day and month about. Empty before the first run, and where no source is of files.
 *
 * @throws WC-ENGINE-001 while another process has the state
 */
export async function readFileForms(config: LoadedConfig): Promise<FileForms> {
  const { warehouse, sources } = config;
  if (!Object.values(sources).some(({ type }) => type === 'files')) return {};
  try {
    return await withEngine(warehouse, { isReadOnly: true }, fileFormsOf);
  } catch (error) {
    // No run has made the state yet.
    if (error instanceof WhalecurveError && error.code === 'WC-RUN-003') return {};
    throw error;
  }
}

/** The same for a command that looks beside a run: empty while the run has the state. */
export async function fileFormsUnlessBusy(config: LoadedConfig): Promise<FileForms> {
  try {
    return await readFileForms(config);
  } catch (error) {
    if (error instanceof WhalecurveError && error.code === 'WC-ENGINE-001') return {};
    throw error;
  }
}

async function fileFormsOf(engine: Engine): Promise<FileForms> {
  // A state that an older product made has no such table before its next run.
  const [table] = await engine.query(
    `select table_name from information_schema.tables where table_schema = 'whalecurve' and table_name = 'file_forms'`,
  );
  if (table === undefined) return {};
  const rows = await engine.query<{ source: string; source_table: string; form: string }>(
    'select source, source_table, form from whalecurve.file_forms',
  );
  const forms: Record<string, Record<string, TableForm>> = {};
  for (const { source, source_table, form } of rows) {
    const tables = forms[source] ?? {};
    tables[source_table] = JSON.parse(form) as TableForm;
    forms[source] = tables;
  }
  return forms;
}

/** Keeps the form of a table for the next night, in the transaction that loads its rows. */
export async function recordFileForm(
  engine: Engine,
  { runId }: Pick<RunStart, 'runId'>,
  { source, table, form }: { source: string; table: string; form: TableForm },
): Promise<void> {
  await engine.run('delete from whalecurve.file_forms where source = $1 and source_table = $2', [
    source,
    table,
  ]);
  await engine.run(
    'insert into whalecurve.file_forms (source, source_table, form, run_id) values ($1, $2, $3, $4)',
    [source, table, JSON.stringify(form), runId],
  );
}
