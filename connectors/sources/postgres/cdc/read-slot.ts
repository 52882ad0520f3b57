import type { Readable } from 'node:stream';
import { type Pgoutput, PgoutputPlugin } from 'pg-logical-replication';
import { findColumn } from '../../find-column.ts';
import { quoted } from '../../quoted.ts';
import type { TableRequest } from '../../source.ts';
import type { TouchedKeys } from '../../touched-keys.ts';
import { builder } from '../builder.ts';
import { copyOut } from '../copy-out.ts';
import type { PostgresSession } from '../session.ts';
import { visibleIn } from './snapshot-transactions.ts';

/** A table whose changes are looked for. */
export interface WatchedTable {
  request: TableRequest;
  oids: ReadonlySet<string>;
  touched: TouchedKeys;
}

/**
 * Reads what the slot holds up to now and notes the keys that it names; the slot stays where it is. Gives the place
 * in the log up to which every commit is in the snapshot of the session: further the slot must never be moved.
 *
 * By SQL and not by the streaming protocol: a batch with an end, over the connection that the snapshot has, also
 * behind a pooler, and without an entry for `replication` in pg_hba.conf. The server keeps the batch in a temporary
 * file; here one message is in memory at a time.
 */
export async function readSlot(
  session: PostgresSession,
  { slot, publication, confirmed }: { slot: string; publication: string; confirmed: string },
  tables: readonly WatchedTable[],
  request: TableRequest,
): Promise<string> {
  const { snapshot, end } = await endOfLog(session);
  const isVisible = visibleIn(snapshot);
  const parser = new PgoutputPlugin({ protoVersion: 1, publicationNames: [publication] });
  const select = builder
    .select([builder.raw("xid || ' ' || encode(data, 'hex')")])
    .from(
      builder.raw(
        "pg_logical_slot_peek_binary_changes(?, ?::pg_lsn, null, 'proto_version', '1', 'publication_names', ?)",
        [slot, end, quoted(builder, publication).toQuery()],
      ),
    );
  let isWhollyVisible = true;
  let safe = confirmed;
  for await (const line of linesOf(copyOut(session, select.toQuery(), request))) {
    const [transaction = '', hex = ''] = line.split(' ');
    isWhollyVisible &&= isVisible(transaction);
    const message = parser.parse(Buffer.from(hex, 'hex'));
    if (message.tag === 'commit' && isWhollyVisible && message.commitEndLsn) safe = message.commitEndLsn;
    note(message, tables);
  }
  return isWhollyVisible ? end : safe;
}

/** Lines of ASCII, ended by LF. */
async function* linesOf(bytes: Readable): AsyncGenerator<string> {
  let pieces: string[] = [];
  for await (const chunk of bytes) {
    const [first = '', ...others] = (chunk as Buffer).toString('latin1').split('\n');
    pieces.push(first);
    for (const next of others) {
      yield pieces.join('');
      pieces = [next];
    }
  }
}

/** What the snapshot sees, and the end of the log after it. */
async function endOfLog(session: PostgresSession): Promise<{ snapshot: string; end: string }> {
  // What was committed without waiting for the disk (synchronous_commit = off) is seen by the snapshot and can be
  // decoded within a second: the log is written out by then. If it is not, those changes come with the next night.
  const { rows } = await session.query(
    `select txid_current_snapshot() as snapshot,
            pg_current_wal_flush_lsn() < pg_current_wal_insert_lsn() as is_behind`,
  );
  if (rows[0]?.is_behind === 't') await session.query('select pg_sleep(1)');
  const now = await session.query('select pg_current_wal_flush_lsn() as "end"');
  return { snapshot: rows[0]?.snapshot ?? '', end: now.rows[0]?.end ?? '' };
}

function note(message: Pgoutput.Message, tables: readonly WatchedTable[]): void {
  switch (message.tag) {
    case 'relation':
      // The parser keeps this object for the rows that follow: their values are to stay PostgreSQL's text.
      for (const column of message.columns) column.parser = (text: string) => text;
      break;
    case 'insert':
    case 'update':
    case 'delete':
      for (const table of watching(tables, message.relation)) {
        const { relation } = message;
        if (message.tag === 'insert') {
          table.touched.add(keyOf(table, relation, message.new));
          break;
        }
        const before = message.key ?? message.old;
        if (before !== null) table.touched.add(keyOf(table, relation, before));
        if (message.tag === 'update') {
          // A value that lies outside of the row and did not change is not sent again.
          table.touched.add(keyOf(table, relation, { ...before, ...withoutMissing(message.new) }));
        }
      }
      break;
    case 'truncate':
      for (const relation of message.relations) {
        for (const { request, touched } of watching(tables, relation)) {
          touched.fail({ code: 'WC-CDC-005', message: `${request.name} was truncated` });
        }
      }
      break;
    default:
  }
}

function watching(tables: readonly WatchedTable[], relation: Pgoutput.MessageRelation): WatchedTable[] {
  const oid = String(relation.relationOid >>> 0);
  return tables.filter(({ oids }) => oids.has(oid));
}

type Tuple = Readonly<Record<string, unknown>>;

function withoutMissing(tuple: Tuple): Tuple {
  return Object.fromEntries(Object.entries(tuple).filter(([, value]) => value !== undefined));
}

const charOid = 1042;

function keyOf(
  { request }: WatchedTable,
  relation: Pgoutput.MessageRelation,
  tuple: Tuple,
): (string | null | undefined)[] {
  const columns = relation.columns.map(({ name, typeOid }) => ({
    name,
    typeOid,
    type: 'text' as const,
    sourceType: '',
  }));
  return (request.table.key ?? []).map((name) => {
    const column = findColumn(columns, name);
    if (column === undefined) return undefined;
    const value = tuple[column.name] as string | null | undefined;
    // char(n) travels without its padding.
    return column.typeOid === charOid ? value?.replace(/ +$/, '') : value;
  });
}
