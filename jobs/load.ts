import { rawTableName } from '../config/raw-table-name.ts';
import { quoteName } from '../connectors/engines/quote.ts';
import { assertTotalsAgree, controlChecks } from './control-gate.ts';
import { entryTotals } from './entry-totals.ts';
import { asText, type ExtractedTable, type ExtractResult, landedTable } from './extract.ts';
import { throwIfCancelled } from './failure.ts';
import { recordFileForm } from './file-forms.ts';
import type { JobResult, OwnerContext, TableEntry } from './job.ts';
import { type Check, recordChecks } from './run-history.ts';

/**
 * Brings the landed tables of one source into schema raw, all in one transaction, since they are one snapshot;
 * the cursor of each is committed with its rows. Before and after, the control totals are compared: a source
 * that lost a row on the way stops the run before any model works on it.
 *
 * @throws WC-GATE-001 when totals differ; raw is then as it was before
 */
export async function load(source: string, context: OwnerContext): Promise<JobResult> {
  const { engine, run, clock } = context;
  const startedAt = clock().toISOString();
  const extracted = context.resultOf(`extract:${source}`) as ExtractResult;
  const checks = extracted.data.tables.flatMap((table) =>
    controlChecks(
      `${source}.${table.name}`,
      { place: 'sent', totals: table.control },
      { place: 'landed', totals: table.landed },
    ),
  );
  const entries: TableEntry[] = [];
  try {
    assertTotalsAgree(checks);
    await engine.run('create schema if not exists raw');
    await engine.transaction(async () => {
      for (const table of extracted.data.tables) {
        throwIfCancelled(context.signal);
        const { entry, check } = await loadTable(source, table, extracted.startedAt, context);
        checks.push(...check);
        entries.push(entry);
      }
      assertTotalsAgree(checks);
    });
  } finally {
    // On its own: what was found belongs to the history also when the rows were rolled back.
    await recordChecks(engine, run, checks);
  }
  return {
    startedAt,
    endedAt: clock().toISOString(),
    ...entryTotals(entries),
    data: null,
  };
}

async function loadTable(
  source: string,
  table: ExtractedTable,
  extractedAt: string,
  context: OwnerContext,
): Promise<{ entry: TableEntry; check: Check[] }> {
  const { engine, run, config, clock, folder } = context;
  const startedAt = clock().toISOString();
  const raw = { schema: 'raw', table: rawTableName(source, table.name) };
  const rows = await engine.load(landedTable(table), raw, { extractedAt, runId: run.runId, folder });
  const loaded = asText(await engine.totals(raw, table.columns, table.asked));
  if (table.form) await recordFileForm(engine, run, { source, table: table.name, form: table.form });
  const cursor = config.sources[source]?.tables[table.name]?.cursor;
  if (cursor !== undefined) await recordCursor(source, table, cursor, raw.table, context);
  return {
    entry: {
      table: table.name,
      startedAt,
      endedAt: clock().toISOString(),
      rowsIn: Number(table.landed.rows),
      rowsOut: rows,
      bytes: table.bytes,
    },
    check: controlChecks(
      `${source}.${table.name}`,
      { place: 'landed', totals: table.landed },
      { place: 'loaded', totals: loaded },
    ),
  };
}

async function recordCursor(
  source: string,
  table: ExtractedTable,
  cursor: string,
  rawTable: string,
  { engine, run }: OwnerContext,
): Promise<void> {
  const column =
    table.columns.find(({ name }) => name.toLowerCase() === cursor.toLowerCase())?.name ?? cursor;
  await engine.run('delete from whalecurve.cursors where source = $1 and source_table = $2', [
    source,
    table.name,
  ]);
  await engine.run(
    `insert into whalecurve.cursors (source, source_table, cursor_column, cursor_value, run_id)
     select $1, $2, $3, cast(max(${quoteName(column)}) as text), $4 from raw.${quoteName(rawTable)}`,
    [source, table.name, column, run.runId],
  );
}
