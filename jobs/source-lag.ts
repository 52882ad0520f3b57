import type { LoadedConfig } from '../config/schema.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import type { RunStart } from './job.ts';

/** Says of each table with a cursor in time how long before the run its newest change was made. */
export async function recordSourceLag(
  engine: Engine,
  run: RunStart,
  { sources }: LoadedConfig,
): Promise<void> {
  const cursors = await engine.query<{ source: string; table: string; value: string }>(
    'select source, source_table as "table", cursor_value as value from whalecurve.cursors where cursor_value is not null',
  );
  for (const { source, table, value } of cursors) {
    const settings = sources[source];
    if (settings === undefined) continue;
    const [found] = await engine.query('select try_timestamp($1, $2) as newest', [value, settings.timezone]);
    if (typeof found?.newest !== 'string') continue;
    const seconds = Math.round((Date.parse(run.startedAt) - Date.parse(found.newest)) / 1000);
    await engine.run(
      'update whalecurve.run_tables set source_lag_seconds = cast($1 as bigint) where run_id = $2 and source = $3 and source_table = $4',
      [String(Math.max(seconds, 0)), run.runId, source, table],
    );
  }
}
