import type { LogChanges } from '../connectors/sources/change-log.ts';
import type { Snapshot, TableRequest } from '../connectors/sources/source.ts';
import type { WorkerContext } from './job.ts';
import { type KnownTable, strategyOf } from './known-tables.ts';

/**
 * What the log of the source says has changed in its tables of `strategy: cdc`; before the first of them is read. Where
 * it does not tell, the table is read whole, and a person is told why.
 */
export async function readChangeLog(
  {
    source,
    requests,
    known,
  }: {
    source: string;
    requests: readonly TableRequest[];
    known: Readonly<Record<string, KnownTable>> | undefined;
  },
  snapshot: Snapshot,
  { report }: WorkerContext,
): Promise<LogChanges> {
  const tables = requests
    .filter(({ table }) => strategyOf(table) === 'cdc')
    .map((request) => ({ request, known: known?.[request.name]?.log ?? null }));
  if (tables.length === 0) return { tables: {}, notices: [], retained: null };
  if (snapshot.changes === undefined) throw new TypeError(`${source} has no log that is read`);
  const changes = await snapshot.changes(tables);
  const notice = (message: string) => report({ kind: 'notice', message });
  for (const message of changes.notices) notice(`${source}: ${message}`);
  for (const [name, found] of Object.entries(changes.tables)) {
    if (found.kind === 'keys' || found.gap === null) continue;
    const { code, message, hint } = found.gap;
    const advice = hint === undefined ? '' : `; ${hint}`;
    notice(`${source}.${name} is read whole: ${code}: ${message}${advice}`);
  }
  return changes;
}
