import { createHash } from 'node:crypto';
import { WhalecurveError } from '../config/error.ts';
import type { TableConfig } from '../config/schema.ts';
import type { TableChanges } from '../connectors/sources/change-log.ts';
import { findColumn } from '../connectors/sources/find-column.ts';
import type { Column, Lookback, Slice } from '../connectors/sources/source.ts';
import { type KnownTable, type Strategy, strategyOf } from './known-tables.ts';

/** How one table is read tonight, and how its rows come into raw. Plain JSON. */
export interface ReadPlan {
  /** As the run history names it; `full` where the whole table was read. */
  strategy: Strategy;
  /** Why the whole table is read although only what changed is asked for. */
  reason: string | null;
  /** replace: the raw table is made anew; the others: see Merge of the engines. */
  merge: 'replace' | 'upsert' | 'append' | 'whole';
  /** null: all rows. */
  slice: Slice | null;
  /** The column that tells what changed, where there is one. */
  cursor: string | null;
  /** Whether the keys of the source are compared with those of raw afterwards. */
  comparesKeys: boolean;
  /** Whether a read by what changed may follow, for which each row needs a key of its own. */
  isIncremental: boolean;
  /** Leaves the cursor where it was. */
  isBackfill: boolean;
  definition: string;
}

/** Rows that are read again whatever the cursor says. */
export interface Backfill {
  table: string;
  /** Values of the cursor, in the words of the source: from this one on, and below that one. */
  from?: string;
  until?: string;
}

export interface ReadPlanRequest {
  /** `finance.billing.payments` */
  subject: string;
  table: TableConfig;
  /** Empty: none. */
  key: readonly string[];
  /** As the source declares them. */
  columns: readonly Column[];
  known: KnownTable | undefined;
  backfill?: Backfill | undefined;
  /** What the log of the source says, for `strategy: cdc`. */
  changes?: TableChanges | undefined;
  now: Date;
}

/** @throws WC-LOAD-001 for a strategy that needs a key, where the table has none */
export function planRead(request: ReadPlanRequest): ReadPlan {
  const { subject, table, key, columns, known, backfill, changes, now } = request;
  const strategy = strategyOf(table);
  const cursor = strategy === 'cursor' || strategy === 'append' ? (table.cursor?.[0] ?? null) : null;
  const definition = definitionOf(table, cursor);
  const plan = {
    strategy,
    reason: null,
    slice: null,
    cursor,
    comparesKeys: false,
    isIncremental: strategy !== 'full',
    isBackfill: backfill !== undefined,
    definition,
  };
  if (strategy === 'full') {
    return { ...plan, merge: 'replace', reason: backfill === undefined ? null : backfillReason };
  }
  // The place of a row is none: another row stands there when the file is written again.
  if (key.length === 0 || key.includes('_row')) throw withoutKey(subject, strategy);
  const whole = (reason: string, merge: ReadPlan['merge']): ReadPlan => ({
    ...plan,
    strategy: 'full',
    reason,
    merge,
    slice: cursor === null ? null : sliceOf(cursor, table, {}),
  });
  if (known === undefined) return whole('the first time', 'replace');
  if (!isSameKey(known, key)) return whole('its rows have another key', 'replace');
  const merge = strategy === 'append' ? 'append' : 'whole';
  if (backfill !== undefined) return backfilled(request, plan, cursor, merge);
  if (known.definition !== definition) return whole('its settings have changed', merge);
  const news = changedColumns(known.columns, columns);
  if (news.length > 0) return whole(`columns have changed: ${news.join(', ')}`, merge);
  if (strategy === 'cdc') {
    if (changes?.kind === 'keys') {
      return { ...plan, merge: 'upsert', slice: { kind: 'keys', keys: changes.keys } };
    }
    return whole(changes?.gap?.message ?? 'the first time by the log', merge);
  }
  if (cursor === null) return { ...plan, merge };
  if (known.cursor === null) return whole('its cursor had no value yet', merge);
  const { cursor: from, horizon } = known;
  return {
    ...plan,
    merge: strategy === 'append' ? 'append' : 'upsert',
    slice: sliceOf(cursor, table, { from, horizon, lookback: lookbackOf(table) }),
    comparesKeys: isDue(table, known.keysComparedAt, now),
  };
}

const backfillReason = 'backfill';

/** Between two values of the cursor, or all rows. */
function backfilled(
  { table, backfill }: ReadPlanRequest,
  plan: Omit<ReadPlan, 'merge'>,
  cursor: string | null,
  merge: ReadPlan['merge'],
): ReadPlan {
  const { from = null, until = null } = backfill ?? {};
  if (cursor === null || (from === null && until === null)) {
    const slice = cursor === null ? null : sliceOf(cursor, table, {});
    return { ...plan, strategy: 'full', reason: backfillReason, merge, slice };
  }
  // Rows without a value are in no window.
  const slice = { ...sliceOf(cursor, table, { from, until }), nulls: 'without' as const };
  return { ...plan, reason: backfillReason, merge: merge === 'append' ? 'append' : 'upsert', slice };
}

function sliceOf(
  column: string,
  { null_cursor }: TableConfig,
  bounds: Partial<Pick<CursorSlice, 'from' | 'until' | 'lookback' | 'horizon'>>,
): CursorSlice {
  const { from = null, until = null, lookback = null, horizon = null } = bounds;
  const nulls = null_cursor === 'exclude' ? 'without' : 'with';
  return { kind: 'cursor', column, from, until, lookback, horizon, nulls };
}

type CursorSlice = Extract<Slice, { kind: 'cursor' }>;

function lookbackOf({ lookback }: TableConfig): Lookback | null {
  if (lookback === undefined || 'steps' in lookback) return lookback ?? null;
  return { seconds: lookback.milliseconds / 1000 };
}

/** What the rows of the raw table are. Where it changes, those that were loaded before are other ones. */
function definitionOf({ query = '', null_cursor = 'raise' }: TableConfig, cursor: string | null): string {
  const facts = JSON.stringify([query, cursor, null_cursor === 'exclude']);
  return createHash('sha256').update(facts).digest('hex').slice(0, 16);
}

export function isSameKey(known: KnownTable, key: readonly string[]): boolean {
  return JSON.stringify(known.key) === JSON.stringify(key);
}

/** Columns that rows loaded before lack, or hold in another type. One that is gone needs no new reading. */
function changedColumns(known: readonly Column[], columns: readonly Column[]): string[] {
  return columns
    .filter(({ name, sourceType }) => findColumn(known, name)?.sourceType !== sourceType)
    .map(({ name }) => name);
}

/** A night comes a little earlier or later than the one before. */
const slackMs = 60 * 60 * 1000;

function isDue({ deletes, deletes_every = 0 }: TableConfig, comparedAt: string | null, now: Date): boolean {
  if (deletes === undefined) return false;
  return comparedAt === null || now.getTime() - Date.parse(comparedAt) >= deletes_every - slackMs;
}

function withoutKey(subject: string, strategy: Strategy): WhalecurveError {
  return new WhalecurveError(
    'WC-LOAD-001',
    `\`strategy: ${strategy}\` needs a key, and the table has no primary key`,
    {
      where: subject,
      hint: 'name under `key:` the columns that are unique and never empty, or read the table by `strategy: full`',
    },
  );
}
