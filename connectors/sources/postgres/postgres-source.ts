import type { Looked } from '../check-tables.ts';
import { databaseSource } from '../database-source.ts';
import type { Source, SourceContext, TableRequest } from '../source.ts';
import { withSlot } from './cdc/with-slot.ts';
import { discoverTables } from './discover.ts';
import { postgresSnapshot } from './postgres-snapshot.ts';
import { findRelation } from './relation.ts';
import { openSession, type PostgresSession } from './session.ts';

export function postgresSource({ name, config, folder }: SourceContext): Source {
  if (config.type !== 'postgres') throw new TypeError(`${name} is no PostgreSQL source`);
  const options = { source: name, config, folder };
  const source = databaseSource<PostgresSession>(
    {
      openSession,
      snapshotOf: postgresSnapshot,
      // A failure spoils the transaction; the savepoint keeps it for the next table.
      look: (session, request) => session.attempt(() => lookAt(session, request)),
      discoverTables,
    },
    options,
  );
  return config.cdc === undefined ? source : withSlot(source, config.cdc, options);
}

async function lookAt(session: PostgresSession, request: TableRequest): Promise<Looked> {
  const columns = await postgresSnapshot(session).describe(request);
  if (request.table.query !== undefined) return { columns };
  const { oid } = await findRelation(session, request);
  const { rows } = await session.query('select row_security_active($1::oid) as is_active', { values: [oid] });
  if (rows[0]?.is_active !== 't') return { columns };
  const { user } = session.destination;
  return {
    columns,
    warnings: [`row-level security hides from ${user} the rows that its policies do not name`],
  };
}
