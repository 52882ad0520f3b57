import { WhalecurveError } from '../../../config/error.ts';
import type { LandedTable, LoadStamp, TableName } from '../engine.ts';
import { quoteName, quoteText } from '../quote.ts';
import type { PostgresSession } from './session.ts';
import { createSchema, longestName, qualified, swapIn } from './table-swap.ts';

/**
 * Moves the landed table to its place, within the transaction that is open. Nothing is copied: the stamp of the
 * run is a constant that the server keeps beside the table, and its statistics go with it.
 */
export async function loadTable(
  session: PostgresSession,
  landed: LandedTable,
  target: TableName,
  { extractedAt, runId }: LoadStamp,
): Promise<number> {
  refuseLongName(target);
  const [piece = ''] = landed.pieces;
  const landing = landingPath(landed);
  await createSchema(session, target.schema);
  await session.run(
    `alter table ${landing}
       add column _extracted_at timestamp default ${quoteText(extractedAt)},
       add column _run_id text collate "C" default ${quoteText(runId)};
     alter table ${landing} alter column _extracted_at drop default, alter column _run_id drop default;
     comment on table ${landing} is null;
     alter table ${landing} set schema ${quoteName(target.schema)}`,
  );
  await swapIn(session, piece, target);
  const { rows } = await session.rows(`select count(*) from ${qualified(target)}`);
  return Number(rows[0]?.[0]);
}

/** Of a landing there is one table. */
export function landingPath({ pieces: [piece = ''] }: LandedTable): string {
  return qualified({ schema: 'landing', table: piece });
}

/** The server would cut it off, and two tables could become one. */
function refuseLongName({ table }: TableName): void {
  if (Buffer.byteLength(table) <= longestName) return;
  throw new WhalecurveError(
    'WC-ENGINE-007',
    `the raw table ${table} has a name of ${Buffer.byteLength(table)} bytes, and PostgreSQL takes ${longestName}`,
    { where: table, hint: 'give the table a shorter name by a `query:`, or the source' },
  );
}
