import { WhalecurveError } from '../config/error.ts';
import { rawTableName } from '../config/raw-table-name.ts';
import type { LandingSession } from '../connectors/engines/engine.ts';
import { unitedType } from '../connectors/engines/merge/united-columns.ts';
import type { TableChanges } from '../connectors/sources/change-log.ts';
import { findColumn } from '../connectors/sources/find-column.ts';
import {
  type Column,
  type CursorFacts,
  type Snapshot,
  type TableRequest,
  totalsAsked,
  type Windowing,
} from '../connectors/sources/source.ts';
import { warningsOf } from '../connectors/sources/warnings-of.ts';
import { asText, type ExtractedTable, type LandedKeys } from './extracted-table.ts';
import type { WorkerContext } from './job.ts';
import type { KnownTable } from './known-tables.ts';
import { countedWithin } from './limits.ts';
import { type Backfill, planRead, type ReadPlan } from './read-plan.ts';

export interface TableToExtract {
  source: string;
  request: TableRequest;
  known: KnownTable | undefined;
  backfill?: Backfill | undefined;
  /** What the log of the source says of it, where it is read by the log. */
  changes?: TableChanges | undefined;
}

/**
 * Reads one table within the snapshot of its source, as far as the runs before make needed, and lands it: the rows,
 * what the source says of them, where the cursor stands, and the keys where they are to be compared.
 *
 * @throws WC-LOAD-001 without a key where one is needed, WC-LOAD-002 for rows without a cursor, WC-LIMIT-001 and 002
 */
export async function extractTable(
  { source, request, known, backfill, changes }: TableToExtract,
  snapshot: Snapshot,
  session: LandingSession,
  context: WorkerContext,
): Promise<ExtractedTable> {
  const subject = `${source}.${request.name}`;
  const asked = totalsAsked(request);
  const read = planRead({
    subject,
    table: request.table,
    key: asked.key,
    columns: known === undefined ? [] : await snapshot.describe(request),
    known,
    backfill,
    changes,
    now: context.clock(),
  });
  const cursor = read.cursor === null ? null : await cursorOf(snapshot, request, read.cursor);
  if (cursor !== null) refuseUnfitLookback(cursor.column, request, subject);
  const fileName = rawTableName(source, request.name);
  const land = async (part: TableRequest, name: string): Promise<LandedKeys> => {
    const count = countedWithin(context.config.limits, { subject, folder: context.folder });
    const landed = await session.land(snapshot.read(part), part, {
      fileName: name,
      onBytes: (bytes) => {
        count(bytes);
        context.report({ kind: 'bytes', job: `extract:${source}`, table: request.name, bytes });
      },
    });
    const { pieces, columns, hasFile, bytes } = landed;
    const control = asText(await snapshot.control(part, columns));
    return { pieces, columns, hasFile, bytes, landed: asText(landed.totals), control };
  };
  const rows = await land(read.slice === null ? request : { ...request, slice: read.slice }, fileName);
  const found = await snapshot.form?.(request);
  const notices = warningsOf(rows.columns).map((text) => `${subject}: ${text}`);
  for (const message of [...(found?.notices ?? []), ...notices]) {
    context.report({ kind: 'notice', message });
  }
  return {
    name: request.name,
    ...rows,
    asked,
    read,
    ...(found && { form: found.form }),
    ...(cursor !== null && {
      position: { cursor: cursor.greatest, horizon: cursor.horizon },
      windows: await countWindows(snapshot, request, read, cursor, { known, landed: rows.columns, subject }),
    }),
    ...(changes?.place && {
      log: changes.place,
      windows: await countRows(snapshot, request, asked.key),
    }),
    ...(read.comparesKeys && { keys: await land(keysOf(request, asked.key), `${fileName}__keys`) }),
  };
}

async function cursorOf(snapshot: Snapshot, request: TableRequest, column: string): Promise<CursorFacts> {
  if (snapshot.cursor === undefined) throw new TypeError(`${request.name} is read from files: no cursor`);
  return snapshot.cursor(request, column);
}

/** All rows in one window: what was changed behind the log's back is found by their number. */
async function countRows(
  snapshot: Snapshot,
  request: TableRequest,
  [column = '']: readonly string[],
): Promise<NonNullable<ExtractedTable['windows']>> {
  const windowing: Windowing = { column, by: 'all' };
  return { windowing, counts: (await snapshot.windows?.(request, windowing)) ?? {} };
}

/** Seconds are no distance between numbers. */
function refuseUnfitLookback(column: Column, { table }: TableRequest, where: string): void {
  const { lookback } = table;
  if (lookback === undefined) return;
  const isTime = ['date', 'timestamp', 'timestamptz'].some((type) => type === column.type);
  if (isTime === 'milliseconds' in lookback) return;
  throw new WhalecurveError(
    'WC-CONFIG-007',
    `\`lookback\` does not fit the cursor ${column.name}, which is ${column.sourceType}`,
    { where, hint: isTime ? 'give it a length of time, such as 3d' : 'give it a number, such as 1000' },
  );
}

function keysOf(request: TableRequest, key: readonly string[]): TableRequest {
  return { ...request, table: { ...request.table, key: [...key] }, moneyColumns: [], only: key };
}

async function countWindows(
  snapshot: Snapshot,
  request: TableRequest,
  { slice }: ReadPlan,
  { column, greatest }: CursorFacts,
  { known, landed, subject }: { known: KnownTable | undefined; landed: readonly Column[]; subject: string },
): Promise<NonNullable<ExtractedTable['windows']>> {
  const windowing: Windowing = { column: column.name, by: windowsOf(column.name, greatest, known, landed) };
  const counts = (await snapshot.windows?.(request, windowing)) ?? {};
  const { null: withoutCursor = 0, ...counted } = counts;
  const policy = request.table.null_cursor ?? 'raise';
  if (policy === 'raise' && withoutCursor > 0) {
    throw new WhalecurveError(
      'WC-LOAD-002',
      `${withoutCursor} rows have no ${column.name}, by which what changed is read`,
      { where: subject, hint: 'say `null_cursor: include` or `exclude`, or choose another column' },
    );
  }
  const isCounted = policy === 'include' && slice?.kind === 'cursor' && slice.nulls === 'with';
  return { windowing, counts: isCounted ? counts : counted };
}

/** Days of times, about a hundred steps of whole numbers; of what raw holds in another type, only all rows. */
function windowsOf(
  name: string,
  greatest: string | null,
  known: KnownTable | undefined,
  landed: readonly Column[],
): Windowing['by'] {
  const now = findColumn(landed, name)?.type ?? 'text';
  const before = findColumn(known?.columns ?? [], name)?.type ?? now;
  const type = unitedType(before, now);
  if (type === 'date' || type === 'timestamp' || type === 'timestamptz') return 'day';
  if (type !== 'integer' && type !== 'bigint') return 'all';
  const digits = (greatest ?? '').replace('-', '').length;
  return { step: `1${'0'.repeat(Math.max(0, digits - 2))}` };
}
