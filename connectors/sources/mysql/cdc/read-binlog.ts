import ZongJi, { type AnyBinlogEvent } from '@vlasky/zongji';
import type { Connection, ConnectionOptions } from 'mysql2';
import type { SilenceLimits } from '../../silence.ts';
import { silenceError, watchForSilence } from '../../silence.ts';
import { codeOf, messageOf } from '../../source-failure.ts';
import type { TouchedKeys } from '../../touched-keys.ts';
import { socketOf } from '../session.ts';
import type { BinlogPlace } from './binlog-place.ts';
import type { Coverage } from './coverage.ts';
import { keyText } from './key-text.ts';

/** A table whose changes are looked for. */
export interface WatchedTable {
  coverage: Coverage;
  touched: TouchedKeys;
}

export interface BinlogReading {
  connection: ConnectionOptions;
  serverId: number;
  from: BinlogPlace;
  /** Of the snapshot; the log has it, so that the reading comes to an end. */
  until: BinlogPlace;
  limits: SilenceLimits;
  signal: AbortSignal | undefined;
}

/**
 * Reads the binary log from one place to another and notes the keys that it names. One event is in memory at a
 * time, of at most `binlog_row_event_max_size` (8 KB) or one row.
 *
 * @throws what the driver says
 */
export async function readBinlog(reading: BinlogReading, tables: readonly WatchedTable[]): Promise<void> {
  const { from, until, connection, serverId, limits, signal } = reading;
  if (from.file === until.file && from.offset >= until.offset) return;
  const reader = new ZongJi({ ...connection, dateStrings: true, timezone: 'Z' });
  let stopWatching = () => {};
  let onAbort = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      signal?.throwIfAborted();
      let { file } = from;
      reader.on('error', (error) => {
        const table = tables.find(({ coverage }) => isAbout(error, coverage));
        if (table === undefined) reject(error);
        else table.touched.fail({ code: 'WC-CDC-005', message: messageOf(error) });
      });
      reader.on('ready', () => {
        const { connection: stream } = reader as unknown as { connection: Connection };
        stopWatching = watchForSilence(
          () => socketOf(stream),
          limits,
          () => false,
          (seconds) => reject(silenceError(seconds)),
        );
      });
      reader.on('binlog', (event) => {
        const kind = event.getTypeName();
        if (kind === 'Rotate') file = (event as unknown as { binlogName: string }).binlogName;
        else if (file === until.file && event.nextPosition > until.offset) resolve();
        else note(kind, event, tables);
        if (kind !== 'Rotate' && file === until.file && event.nextPosition >= until.offset) resolve();
      });
      reader.start({
        serverId,
        filename: from.file,
        position: from.offset,
        includeSchema: schemasOf(tables),
      });
    });
  } finally {
    stopWatching();
    signal?.removeEventListener('abort', onAbort);
    const stopped = new Promise<void>((resolve) => {
      reader.on('stopped', () => resolve());
    });
    reader.stop();
    await stopped;
  }
}

/** The library names a table whose columns in the log are not those that it has now. */
function isAbout(error: unknown, { schema, table }: Coverage): boolean {
  return codeOf(error) === '' && messageOf(error).includes(`${schema}.${table} `);
}

function schemasOf(tables: readonly WatchedTable[]): Record<string, string[]> {
  const schemas: Record<string, string[]> = {};
  for (const { coverage } of tables) {
    schemas[coverage.schema] = [...(schemas[coverage.schema] ?? []), coverage.table];
  }
  return schemas;
}

type Values = Readonly<Record<string, unknown>>;

function note(kind: string, event: AnyBinlogEvent, tables: readonly WatchedTable[]): void {
  if (kind === 'Query') {
    noteStatement((event as unknown as { query: string }).query, tables);
    return;
  }
  if (!/^(Write|Update|Delete)Rows/.test(kind)) return;
  const { tableId, tableMap, rows } = event as unknown as {
    tableId: number;
    tableMap: Record<number, { parentSchema: string; tableName: string }>;
    rows: readonly (Values | { before: Values; after: Values })[];
  };
  const { parentSchema, tableName } = tableMap[tableId] ?? {};
  const watched = tables.filter(
    ({ coverage }) => coverage.schema === parentSchema && coverage.table === tableName,
  );
  for (const { coverage, touched } of watched) {
    for (const row of rows) {
      const { before, after } = isUpdate(kind, row) ? row : { before: row, after: null };
      touched.add(coverage.key.map((column) => keyText(column, before[column.name])));
      // Under a minimal row image what did not change is not written again.
      if (after !== null) {
        touched.add(coverage.key.map(({ name, ...column }) => keyText(column, after[name] ?? before[name])));
      }
    }
  }
}

function isUpdate(
  kind: string,
  _row: Values | { before: Values; after: Values },
): _row is { before: Values; after: Values } {
  return kind.startsWith('Update');
}

const withoutRows = /^\s*(begin|commit|rollback|savepoint|release|xa|grant|revoke|analyze|optimize|flush)\b/i;

/**
 * A statement in the log is one that has no rows there: TRUNCATE, ALTER, DROP and CREATE, RENAME, and what was written
 * under `binlog_format = STATEMENT`. A table that it names may hold other rows, or its columns stand in other places.
 */
function noteStatement(statement: string, tables: readonly WatchedTable[]): void {
  if (withoutRows.test(statement)) return;
  const text = statement.toLowerCase();
  for (const { coverage, touched } of tables) {
    if (!text.includes(coverage.table.toLowerCase())) continue;
    const [verb = ''] = /\w+/.exec(statement) ?? [];
    touched.fail({ code: 'WC-CDC-005', message: `${coverage.table} went through ${verb.toUpperCase()}` });
  }
}
