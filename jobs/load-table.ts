import { WhalecurveError } from '../config/error.ts';
import { rawTableName } from '../config/raw-table-name.ts';
import type { LoadStamp, TableName } from '../connectors/engines/engine.ts';
import { refuseUnclearKeys } from '../connectors/engines/merge/clear-keys.ts';
import { ensureDeletedAt } from '../connectors/engines/merge/incoming-rows.ts';
import { markUnlisted } from '../connectors/engines/merge/mark-vanished.ts';
import { mergeLanded } from '../connectors/engines/merge/merge-landed.ts';
import { quoteName } from '../connectors/engines/quote.ts';
import type { Column } from '../connectors/sources/source.ts';
import { controlChecks } from './control-gate.ts';
import { asText, type ExtractedTable, landedTable, type TotalsAsText } from './extracted-table.ts';
import { recordFileForm } from './file-forms.ts';
import type { OwnerContext, TableEntry } from './job.ts';
import { type LoadedTable, recordLoadedTable } from './known-tables.ts';
import { isSameKey } from './read-plan.ts';
import { rawWindows, windowChecks } from './reconcile-windows.ts';
import { type Check, secondsBetween } from './run-history.ts';
import { refuseDrift, schemaChanges } from './schema-drift.ts';

export interface TableToLoad {
  source: string;
  table: ExtractedTable;
  known: LoadedTable | undefined;
  /** Of the extract of its source. */
  extractedAt: string;
  /** Time that its extract took. */
  extracted: Pick<TableEntry, 'startedAt' | 'endedAt'> | undefined;
}

export interface LoadOutcome {
  entry: TableEntry;
  loaded: LoadedTable;
  /** Whether raw has what landed. */
  totals: Check[];
  /** Whether raw has what the source has. */
  reconciliation: Check[];
}

/** The raw table after tonight's rows have come in. */
interface Brought {
  columns: readonly Column[];
  /** null: all, the table was replaced. */
  changed: number | null;
  vanished: number;
  /** Rows that it has now, and those of them that are gone at the source. */
  rows: number;
  gone: number;
  /** Of the rows that came; null where rows of the nights before stay by intent. */
  totals: TotalsAsText | null;
}

/**
 * Brings one landed table into schema raw, in the transaction that is open, and keeps with it how far it was read.
 *
 * @throws WC-LOAD-001 for rows without a key of their own, WC-LOAD-003 where too much has vanished, WC-LOAD-004
 */
export async function loadTable(load: TableToLoad, context: OwnerContext): Promise<LoadOutcome> {
  const { source, table, known, extractedAt, extracted } = load;
  const { engine, run, config, clock, folder, report } = context;
  const startedAt = clock().toISOString();
  const subject = `${source}.${table.name}`;
  const raw = { schema: 'raw', table: rawTableName(source, table.name) };
  const settings = config.sources[source];
  const changes = known === undefined ? [] : schemaChanges(known.columns, table.columns);
  if ((settings?.tables[table.name]?.drift ?? settings?.drift) === 'freeze') refuseDrift(subject, changes);
  for (const change of changes) report({ kind: 'notice', message: `${subject}: ${change}` });
  const stamp = { extractedAt, runId: run.runId, folder };
  const brought = await bring(load, raw, stamp, context);
  const { rows, gone } = brought;
  const before = (known?.extractedRows ?? 0) - (known?.deletedRows ?? 0);
  refuseVanished(load, before, brought.changed === null ? before - rows : brought.vanished, context);
  if (table.form) await recordFileForm(engine, run, { source, table: table.name, form: table.form });
  const loaded: LoadedTable = {
    columns: brought.columns,
    key: table.asked.key,
    definition: table.read.definition,
    ...positionOf(load),
    deletedRows: gone,
    extractedRows: rows,
    runId: run.runId,
    strategy: table.read.strategy,
    reason: table.read.reason,
    sentRows: Number(table.control.rows),
    changedRows: brought.changed === null ? null : brought.changed + brought.vanished,
    vanishedRows: brought.vanished,
    schemaChanges: changes.length === 0 ? null : changes.join('; '),
    bytes: table.bytes + (table.keys?.bytes ?? 0),
    seconds: extracted === undefined ? '0.000' : secondsBetween(extracted.startedAt, extracted.endedAt),
  };
  await recordLoadedTable(engine, { source, table: table.name }, loaded, table.read.cursor);
  const landed = { place: 'landed', totals: table.landed };
  return {
    entry: {
      table: table.name,
      startedAt,
      endedAt: clock().toISOString(),
      rowsIn: Number(table.landed.rows),
      rowsOut: loaded.changedRows ?? rows,
      bytes: loaded.bytes,
    },
    loaded,
    totals:
      brought.totals === null
        ? []
        : controlChecks(subject, landed, { place: 'loaded', totals: brought.totals }),
    reconciliation: await reconcile(load, raw, brought.columns, context),
  };
}

async function bring(
  { source, table, known }: TableToLoad,
  raw: TableName,
  stamp: LoadStamp,
  { engine }: OwnerContext,
): Promise<Brought> {
  const { asked, read } = table;
  const subject = `${source}.${table.name}`;
  const landed = landedTable(table);
  // Rows that are gone at the source are kept, also after the config has changed to full loads.
  const keepsGone = known !== undefined && known.deletedRows > 0 && isSameKey(known, asked.key);
  if (known === undefined || (read.merge === 'replace' && !keepsGone)) {
    const rows = await engine.load(landed, raw, stamp);
    const totals = asText(await engine.totals(raw, table.columns, asked));
    if (read.isIncremental) {
      const name = `${quoteName(raw.schema)}.${quoteName(raw.table)}`;
      await ensureDeletedAt(engine, name);
      await refuseUnclearKeys(engine, name, asked.key, subject);
    }
    return { columns: table.columns, changed: null, vanished: 0, rows, gone: 0, totals };
  }
  const merged = await mergeLanded(engine, landed, raw, stamp, {
    mode: read.merge === 'replace' ? 'whole' : read.merge,
    key: asked.key,
    before: known.columns,
    asked,
    subject,
    // What was asked for by its key and did not come is gone.
    ...(read.slice?.kind === 'keys' && { touchedKeys: read.slice.keys }),
  });
  const unlisted =
    table.keys === undefined
      ? 0
      : await markUnlisted(engine, landedTable(table.keys), raw, stamp, {
          key: asked.key,
          before: merged.columns,
        });
  const totals = merged.totals === null ? null : asText(merged.totals);
  const vanished = merged.vanished + unlisted;
  return {
    columns: merged.columns,
    changed: merged.changed,
    vanished,
    // Not counted: raw is counted by window beside the source, and by fate in conform.
    rows: known.extractedRows + merged.added,
    gone: known.deletedRows - merged.revived + vanished,
    totals,
  };
}

/** A backfill leaves the cursor where it was. */
function positionOf({ table, known, extractedAt }: TableToLoad) {
  const { position, keys, read } = table;
  const isBackfill = read.isBackfill && known !== undefined;
  const isCompared = keys !== undefined || read.merge === 'replace' || read.merge === 'whole';
  return {
    cursor: (isBackfill ? known.cursor : position?.cursor) ?? null,
    horizon: (isBackfill ? known.horizon : position?.horizon) ?? null,
    keysComparedAt: isCompared ? extractedAt : (known?.keysComparedAt ?? null),
    log: table.log ?? null,
  };
}

/** Of a table that has fewer rows, a share says nothing; where the config names one, it holds for each. */
const fewestJudged = 100;
const usualVanishedShare = 0.5;

/** @throws WC-LOAD-003 */
function refuseVanished(
  { source, table }: TableToLoad,
  before: number,
  vanished: number,
  { config }: OwnerContext,
): void {
  const configured = config.sources[source]?.tables[table.name]?.max_vanished_share;
  if (configured === undefined && before < fewestJudged) return;
  const most = configured ?? usualVanishedShare;
  if (vanished <= before * most) return;
  throw new WhalecurveError(
    'WC-LOAD-003',
    `${vanished} of ${before} rows have vanished from the source, more than the share of ${most} that is allowed`,
    {
      where: `${source}.${table.name}`,
      hint: 'raw is as it was; if they are gone for good, set `max_vanished_share: 1` for one run',
    },
  );
}

async function reconcile(
  { source, table }: TableToLoad,
  raw: TableName,
  columns: readonly Column[],
  { engine }: OwnerContext,
): Promise<Check[]> {
  if (table.windows === undefined) return [];
  const { windowing, counts } = table.windows;
  const { null: withoutCursor = 0, ...counted } = await rawWindows(engine, raw, columns, windowing);
  const isCounted = 'null' in counts;
  return windowChecks({
    subject: `${source}.${table.name}`,
    windowing,
    atSource: counts,
    inRaw: isCounted ? { ...counted, null: withoutCursor } : counted,
    isExact:
      table.log !== undefined ||
      table.keys !== undefined ||
      table.read.merge === 'replace' ||
      table.read.merge === 'whole',
  });
}
