import { databaseSource } from '../database-source.ts';
import type { Source, SourceContext } from '../source.ts';
import { discoverTables } from './discover.ts';
import { postgresSnapshot } from './postgres-snapshot.ts';
import { openSession, type PostgresSession } from './session.ts';

export function postgresSource({ name, config, folder }: SourceContext): Source {
  if (config.type !== 'postgres') throw new TypeError(`${name} is no PostgreSQL source`);
  return databaseSource<PostgresSession>(
    {
      openSession,
      snapshotOf: postgresSnapshot,
      // A failure spoils the transaction; the savepoint keeps it for the next table.
      describe: (session, request) => session.attempt(() => postgresSnapshot(session).describe(request)),
      discoverTables,
    },
    { source: name, config, folder },
  );
}
