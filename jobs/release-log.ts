import { WhalecurveError } from '../config/error.ts';
import type { RetainedLog } from '../connectors/sources/change-log.ts';
import { openSource } from '../connectors/sources/registry.ts';
import type { OwnerContext } from './job.ts';
import { loadedTables, strategyOf } from './known-tables.ts';
import type { Check } from './run-history.ts';

/**
 * Lets a source free its log up to what is loaded; only after the load is committed. A run that is killed before that
 * leaves the log where it was, and the next one reads the same changes again, which changes nothing. So does one that
 * cannot reach the source here: it has all its rows, and the failure is only told.
 */
export async function releaseLog(source: string, { engine, config, report }: OwnerContext): Promise<void> {
  const settings = config.sources[source];
  const readByLog = Object.entries(settings?.tables ?? {}).filter(([, table]) => strategyOf(table) === 'cdc');
  if (settings === undefined || readByLog.length === 0) return;
  // Of all tables: a backfill loads one, and the others still need what the log has of them.
  const { [source]: loaded = {} } = await loadedTables(engine);
  const positions = readByLog.flatMap(([name]) => loaded[name]?.log?.position ?? []);
  if (positions.length === 0) return;
  const opened = await openSource({ name: source, config: settings, folder: config.folder });
  if (opened.releaseLog === undefined) return;
  try {
    await opened.releaseLog(positions);
  } catch (error) {
    if (!(error instanceof WhalecurveError)) throw error;
    report({ kind: 'notice', message: `${source} keeps its log until the next run: ${error.message}` });
  }
}

/** Whether the source keeps more of its log for us than it should; none where it keeps none. */
export function retainedChecks(source: string, retained: RetainedLog | undefined): Check[] {
  if (retained === undefined) return [];
  const { bytes, limitBytes } = retained;
  return [
    {
      name: 'bytes of its log that the source keeps for the next run',
      subject: source,
      severity: 'warn',
      failures: bytes > limitBytes ? 1 : 0,
      expected: `at most ${limitBytes}`,
      found: String(bytes),
    },
  ];
}
