import type { SourceConfig } from '../../../../config/schema.ts';
import type { LogChanges, LogGap, LogPlace, TableChanges } from '../../change-log.ts';
import type { LogTable } from '../../source.ts';
import { codeOf, messageOf } from '../../source-failure.ts';
import { TouchedKeys } from '../../touched-keys.ts';
import type { PostgresSession } from '../session.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { isBehind } from './lsn.ts';
import { readSlot } from './read-slot.ts';
import { dropSlot, findSlot, type Slot } from './slot.ts';

export type PostgresCdc = NonNullable<Extract<SourceConfig, { type: 'postgres' }>['cdc']>;

interface Looked extends LogTable {
  coverage: Coverage;
  touched: TouchedKeys;
}

/**
 * What changed in the tables since they were loaded, as the slot tells it, in the session of the snapshot.
 * `slotFailure`: why the slot could not be made, if so.
 */
export async function changesOfSlot(
  session: PostgresSession,
  cdc: PostgresCdc,
  tables: readonly LogTable[],
  slotFailure: string | null,
): Promise<LogChanges> {
  const looked: Looked[] = [];
  for (const table of tables) {
    const coverage = await coverageOf(session, cdc.publication, table.request);
    looked.push({ ...table, coverage, touched: new TouchedKeys(cdc.whole_above) });
  }
  const slot = await findSlot(session, cdc.slot);
  const unusable = slotGap(cdc, slot, slotFailure);
  if (unusable !== null || slot === null) {
    return {
      tables: byName(looked, () => ({ kind: 'whole', place: null, gap: unusable })),
      notices: [],
      retained: null,
    };
  }
  for (const { known, coverage, touched } of looked) {
    const gap = known === null ? null : (coverage.gap ?? lostGap(known, coverage, slot, cdc));
    if (gap !== null) touched.fail(gap);
  }
  const read = await readable(session, cdc, slot, looked);
  const retained = { bytes: slot.retainedBytes, limitBytes: cdc.max_retained_mb * 1024 * 1024 };
  const changesOf = ({ known, coverage, touched }: Looked): TableChanges => {
    const isCovered = read.position !== null && coverage.gap === null;
    const place = isCovered ? { position: read.position ?? '', coverage: coverage.mark } : null;
    const gap = coverage.gap ?? read.gap ?? touched.gap;
    if (known === null || gap !== null) return { kind: 'whole', place, gap };
    return { kind: 'keys', place, keys: touched.keys };
  };
  return { tables: byName(looked, changesOf), notices: retainedNotice(cdc, slot), retained };
}

interface Read {
  /** Up to where the snapshot has all commits; null: the slot could not be read. */
  position: string | null;
  gap: LogGap | null;
}

async function readable(
  session: PostgresSession,
  cdc: PostgresCdc,
  slot: Slot,
  looked: readonly Looked[],
): Promise<Read> {
  const [first] = looked;
  if (first === undefined) return { position: null, gap: null };
  const watched = looked.map(({ request, coverage, touched }) => ({ request, oids: coverage.oids, touched }));
  try {
    const from = { ...cdc, confirmed: slot.confirmed };
    const position = await session.attempt(() => readSlot(session, from, watched, first.request));
    return { position, gap: null };
  } catch (error) {
    const cause = (error as { cause?: unknown }).cause;
    if (codeOf(cause) !== undefinedObject) throw error;
    // The log from before the publication was made cannot be decoded, not ever: the slot must begin behind it.
    await dropSlot(session, cdc.slot);
    const message = `the slot ${cdc.slot} begins before the publication and was dropped; the next run makes it anew: ${messageOf(cause)}`;
    return { position: null, gap: { code: 'WC-CDC-004', message } };
  }
}

const undefinedObject = '42704';

/** Why a slot cannot be used at all. */
export function slotGap(cdc: PostgresCdc, slot: Slot | null, failure: string | null): LogGap | null {
  if (slot === null) {
    return {
      code: 'WC-CDC-001',
      message: `the slot ${cdc.slot} cannot be made: ${failure ?? 'it was dropped'}`,
    };
  }
  if (!slot.isOurs) {
    const message = `the slot ${cdc.slot} is of another database or another plugin`;
    return { code: 'WC-CDC-001', message, hint: 'give another name under `cdc: { slot }`' };
  }
  if (slot.isActive) {
    return { code: 'WC-CDC-001', message: `another connection reads the slot ${cdc.slot}` };
  }
  return null;
}

function lostGap(known: LogPlace, coverage: Coverage, slot: Slot, cdc: PostgresCdc): LogGap | null {
  if (known.coverage !== coverage.mark) {
    const message = `the publication ${cdc.publication}, the table, its partitions or its key were made anew`;
    return { code: 'WC-CDC-004', message };
  }
  if (!isBehind(known.position, slot.confirmed)) return null;
  const message = `the slot ${cdc.slot} begins at ${slot.confirmed}, behind ${known.position}, up to where the table was loaded`;
  return { code: 'WC-CDC-004', message };
}

function retainedNotice(cdc: PostgresCdc, { retainedBytes }: Slot): string[] {
  const megabytes = Math.round(retainedBytes / 1024 / 1024);
  if (megabytes <= cdc.max_retained_mb) return [];
  return [
    `WC-CDC-006: the slot ${cdc.slot} keeps ${megabytes} MB of the log, more than ${cdc.max_retained_mb}; where nobody reads it any more: select pg_drop_replication_slot('${cdc.slot}')`,
  ];
}

function byName<T extends LogTable>(
  tables: readonly T[],
  changesOf: (table: T) => TableChanges,
): Record<string, TableChanges> {
  return Object.fromEntries(tables.map((table) => [table.request.name, changesOf(table)]));
}
