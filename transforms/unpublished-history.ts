import type { Engine } from '../connectors/engines/engine.ts';
import { tableExists } from './identity/temporary-table.ts';

/**
 * Takes out of a history the rows of this run's day, which are found anew, and those of runs after the last that
 * published: a gate stopped them, so that nobody ever saw what they found. `table` has a column changed_on.
 */
export async function removeUnpublished(engine: Engine, table: string): Promise<void> {
  await engine.run(`delete from ${table} where changed_on = (select as_of from settings.run)`);
  if (!(await tableExists(engine, 'whalecurve', 'runs'))) return;
  await engine.run(
    `delete from ${table} where changed_on > (
       select coalesce(max(as_of), date '0001-01-01') from whalecurve.runs where status = 'done')`,
  );
}
