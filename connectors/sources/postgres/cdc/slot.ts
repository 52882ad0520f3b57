import type { PostgresSession } from '../session.ts';
import { isBehind } from './lsn.ts';

/** A logical slot as pg_replication_slots shows it. */
export interface Slot {
  /** Up to where its reader said that it is done. */
  confirmed: string;
  /** Bytes of log that the server keeps for it. */
  retainedBytes: number;
  /** Whether another connection reads it now. */
  isActive: boolean;
  /** The server has given up its log: it can never be read again. */
  isLost: boolean;
  /** Of our plugin, in our database. */
  isOurs: boolean;
}

export async function findSlot(session: PostgresSession, name: string): Promise<Slot | null> {
  const { rows } = await session.query(
    `select confirmed_flush_lsn as confirmed, active, to_jsonb(slot) ->> 'wal_status' as wal_status,
            plugin = 'pgoutput' and database = current_database() as is_ours,
            pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) as retained
       from pg_replication_slots as slot
      where slot_name = $1`,
    { values: [name] },
  );
  const [row] = rows;
  if (row === undefined) return null;
  return {
    confirmed: row.confirmed ?? '0/0',
    retainedBytes: Number(row.retained ?? 0),
    isActive: row.active === 't',
    // PostgreSQL 12 has no wal_status, and no log that it gives up.
    isLost: row.wal_status === 'lost',
    isOurs: row.is_ours === 't',
  };
}

/**
 * Makes the slot where there is none, and anew where the server has given up its log. To be called before the
 * snapshot: what is committed between both is read again, and no change is missed.
 */
export async function ensureSlot(session: PostgresSession, name: string): Promise<void> {
  const slot = await findSlot(session, name);
  if (slot !== null && !(slot.isOurs && slot.isLost)) return;
  if (slot !== null) await dropSlot(session, name);
  await session.query(`select pg_create_logical_replication_slot($1, 'pgoutput')`, { values: [name] });
}

export async function dropSlot(session: PostgresSession, name: string): Promise<void> {
  await session.query('select pg_drop_replication_slot($1)', { values: [name] });
}

/** Lets the server free what stands before `position`. */
export async function advanceSlot(session: PostgresSession, name: string, position: string): Promise<void> {
  const slot = await findSlot(session, name);
  if (slot === null || !isBehind(slot.confirmed, position)) return;
  await session.query('select pg_replication_slot_advance($1, $2::pg_lsn)', { values: [name, position] });
}
