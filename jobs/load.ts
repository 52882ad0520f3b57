import { assertTotalsAgree, controlChecks } from './control-gate.ts';
import { entryTotals } from './entry-totals.ts';
import type { ExtractResult } from './extract.ts';
import { throwIfCancelled } from './failure.ts';
import type { JobResult, OwnerContext, TableEntry } from './job.ts';
import { type LoadedTable, loadedTables } from './known-tables.ts';
import { loadTable } from './load-table.ts';
import { assertReconciled } from './reconcile-windows.ts';
import { releaseLog, retainedChecks } from './release-log.ts';
import { type Check, recordChecks } from './run-history.ts';

/** By name of the table, how it was loaded. */
export type LoadResult = JobResult<{ tables: Readonly<Record<string, LoadedTable>> }>;

/**
 * Brings the landed tables of one source into schema raw, all in one transaction, since they are one snapshot;
 * the cursor of each is committed with its rows. Before and after, the control totals are compared: a source
 * that lost a row on the way stops the run before any model works on it. Then the rows of raw are counted beside those
 * of the source, by window of the cursor.
 *
 * @throws WC-GATE-001 when totals differ, WC-GATE-004 when raw lacks rows of the source, what `loadTable` throws; raw is
 *   then as it was before
 */
export async function load(source: string, context: OwnerContext): Promise<LoadResult> {
  const { engine, run, clock } = context;
  const startedAt = clock().toISOString();
  const extracted = context.resultOf(`extract:${source}`) as ExtractResult;
  const checks: Check[] = [];
  for (const { name, control, landed, keys } of extracted.data.tables) {
    const sent = (subject: string, table: { control: typeof control; landed: typeof landed }) =>
      controlChecks(
        subject,
        { place: 'sent', totals: table.control },
        { place: 'landed', totals: table.landed },
      );
    checks.push(...sent(`${source}.${name}`, { control, landed }));
    if (keys !== undefined) checks.push(...sent(`keys of ${source}.${name}`, keys));
  }
  const entries: TableEntry[] = [];
  const tables: Record<string, LoadedTable> = {};
  try {
    assertTotalsAgree(checks);
    await engine.run('create schema if not exists raw');
    await engine.transaction(async () => {
      const { [source]: known = {} } = await loadedTables(engine);
      const reconciliation: Check[] = [];
      for (const table of extracted.data.tables) {
        throwIfCancelled(context.signal);
        const outcome = await loadTable(
          {
            source,
            table,
            known: known[table.name],
            extractedAt: extracted.startedAt,
            extracted: extracted.tables.find((one) => one.table === table.name),
          },
          context,
        );
        tables[table.name] = outcome.loaded;
        checks.push(...outcome.totals, ...outcome.reconciliation);
        reconciliation.push(...outcome.reconciliation);
        entries.push(outcome.entry);
      }
      assertTotalsAgree(checks.filter((check) => !reconciliation.includes(check)));
      assertReconciled(reconciliation);
    });
  } finally {
    // On its own: what was found belongs to the history also when the rows were rolled back.
    await recordChecks(engine, run, [...checks, ...retainedChecks(source, extracted.data.retained)]);
  }
  await releaseLog(source, context);
  return {
    startedAt,
    endedAt: clock().toISOString(),
    ...entryTotals(entries),
    data: { tables },
  };
}
