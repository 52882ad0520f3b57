import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import { readJobRecords } from '../jobs/run-record.ts';
import { withHistory } from './with-history.ts';

/** How long each job took in the last run that published; empty where there is none. */
export async function usualSeconds(config: LoadedConfig): Promise<ReadonlyMap<string, number>> {
  try {
    return await withHistory(config, async ({ engine, schema }) => {
      const [run] = await engine.query(
        `select run_id from ${schema}.runs where status = 'done' order by started_at desc nulls last limit 1`,
      );
      if (run === undefined) return new Map();
      const records = await readJobRecords(engine, schema, String(run.run_id));
      return new Map(
        records.filter(({ table }) => table === null).map(({ job, seconds }) => [job, seconds] as const),
      );
    });
  } catch (error) {
    // A guess at the time left is not worth an error: the run itself says what is wrong.
    if (error instanceof WhalecurveError) return new Map();
    throw error;
  }
}
