import type { RetentionSettings } from '../config/retention-settings.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import { quoteName } from '../connectors/engines/quote.ts';
import { recountDeletedRows } from './known-tables.ts';

/** One thing that has outlived its time: rows of tables, or a whole schema. */
export interface Outlived {
  what: string;
  /** Which key of `retention` says so. */
  kept: keyof RetentionSettings;
  rows: number;
}

interface Deletion {
  what: string;
  kept: keyof RetentionSettings;
  table: string;
  where: string;
  parameters: readonly string[];
}

/**
 * Removes from the state what `retention` no longer keeps, in one transaction, and gives what it was: only what had rows.
 * The newest run that is done stays whatever its age, with its quarantine: it is what analysts see. `now` is ISO 8601.
 */
export async function clean(
  engine: Engine,
  retention: RetentionSettings,
  { now, isDry }: { now: string; isDry: boolean },
): Promise<Outlived[]> {
  const found: Outlived[] = [];
  await engine.transaction(async () => {
    for (const deletion of await deletionsOf(engine, retention, now)) {
      const { what, kept, table, where, parameters } = deletion;
      const outlived = `from ${table} where ${where}`;
      const rows = isDry
        ? await countOf(engine, outlived, parameters)
        : await engine.run(`delete ${outlived}`, parameters);
      if (rows > 0) found.push({ what, kept, rows });
    }
    if (!isDry) await recountDeletedRows(engine);
    for (const schema of await outlivedCopies(engine, cutOf(now, retention.candidates))) {
      const rows = await countOf(engine, `from ${schema}.runs`);
      found.push({ what: `schema ${schema}`, kept: 'candidates', rows });
      if (!isDry) await engine.run(`drop schema ${schema} cascade`);
    }
  });
  return found;
}

async function countOf(engine: Engine, from: string, parameters: readonly string[] = []): Promise<number> {
  const [counted] = await engine.query(`select count(*) as rows ${from}`, parameters);
  return Number(counted?.rows);
}

async function deletionsOf(engine: Engine, retention: RetentionSettings, now: string): Promise<Deletion[]> {
  const isOld = `run_id in (select run_id from whalecurve.runs where started_at < cast($1 as timestamp)
    and run_id <> coalesce((select max(run_id) from whalecurve.runs where status = 'done'), ''))`;
  // The rows of a run go before the run itself, by which they are found.
  const history = ['checks', 'run_tables', 'run_jobs', 'runs'].map(
    (table): Deletion => ({
      what: `whalecurve.${table}`,
      kept: 'runs',
      table: `whalecurve.${table}`,
      where: isOld,
      parameters: [cutOf(now, retention.runs)],
    }),
  );
  const refused: Deletion = {
    what: 'whalecurve.quarantine',
    kept: 'quarantine',
    table: 'whalecurve.quarantine',
    where: isOld,
    parameters: [cutOf(now, retention.quarantine)],
  };
  const raw = (await tablesWithDeletedRows(engine)).map(
    (name): Deletion => ({
      what: `raw.${name}`,
      kept: 'raw',
      table: `raw.${quoteName(name)}`,
      where: '_deleted_at < cast($1 as timestamp)',
      parameters: [cutOf(now, retention.raw)],
    }),
  );
  return [refused, ...history, ...raw];
}

async function tablesWithDeletedRows(engine: Engine): Promise<string[]> {
  const found = await engine.query<{ table_name: string }>(
    `select table_name from information_schema.columns
     where table_schema = 'raw' and column_name = '_deleted_at' order by table_name`,
  );
  return found.map(({ table_name }) => table_name);
}

/** Copies of an earlier state after which a run started before the cut: it has proved the newer one. */
async function outlivedCopies(engine: Engine, cut: string): Promise<string[]> {
  const copies = await engine.query<{ table_schema: string }>(
    `select distinct table_schema from information_schema.tables
     where table_schema like 'whalecurve_v%' and table_name = 'runs' order by table_schema`,
  );
  const outlived: string[] = [];
  for (const { table_schema: schema } of copies) {
    if (!/^whalecurve_v\d+$/.test(schema)) continue;
    const [proof] = await engine.query(
      `select count(*) as runs from whalecurve.runs where status = 'done' and started_at < cast($1 as timestamp)
       and run_id not in (select run_id from ${schema}.runs)`,
      [cut],
    );
    if (Number(proof?.runs) > 0) outlived.push(schema);
  }
  return outlived;
}

function cutOf(now: string, keptMs: number): string {
  return new Date(Date.parse(now) - keptMs).toISOString();
}
