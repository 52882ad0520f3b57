import type pg from 'pg';
import type { PostgresSession } from './session.ts';

/** Rows of one fetch: bounds what is held here. */
const rowsPerFetch = 10_000;

/** The rows of a SELECT, every value as PostgreSQL's text, through a cursor of the server. */
export async function* readByCursor(
  session: PostgresSession,
  select: string,
): AsyncIterable<{ fields: pg.FieldDef[]; rows: (string | null)[][] }> {
  if (!session.isInTransaction) {
    await session.run(`declare reading no scroll cursor with hold for ${select}`);
  } else await session.run(`declare reading no scroll cursor for ${select}`);
  try {
    for (;;) {
      const batch = await session.rows(`fetch ${rowsPerFetch} from reading`);
      if (batch.rows.length > 0) yield batch;
      if (batch.rows.length < rowsPerFetch) return;
    }
  } finally {
    // A transaction that failed took its cursor with it.
    await session.run('close reading').catch(() => undefined);
  }
}
