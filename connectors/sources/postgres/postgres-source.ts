import { checkTables, verdictOf } from '../check-tables.ts';
import type { DatabaseConfig } from '../database-url.ts';
import type {
  CheckVerdict,
  DiscoveredTable,
  Snapshot,
  Source,
  SourceContext,
  TableRequest,
} from '../source.ts';
import { discoverTables } from './discover.ts';
import { PostgresSnapshot } from './postgres-snapshot.ts';
import { openSession, type PostgresSession } from './session.ts';

export function postgresSource({ name, config, folder }: SourceContext): Source {
  if (config.type !== 'postgres') throw new TypeError(`${name} is no PostgreSQL source`);
  const options = { source: name, config: config satisfies DatabaseConfig, folder };
  return {
    name,

    async *check(requests: readonly TableRequest[]): AsyncGenerator<CheckVerdict> {
      let session: PostgresSession;
      try {
        session = await openSession(options);
      } catch (error) {
        yield verdictOf(name, error);
        return;
      }
      try {
        const { serverVersion, destination } = session;
        yield {
          subject: name,
          isOk: true,
          message: `connected to PostgreSQL ${serverVersion} as ${destination.user}, read-only`,
        };
        const snapshot = new PostgresSnapshot(session);
        yield* checkTables(name, requests, (request) =>
          // A failure spoils the transaction; the savepoint keeps it for the next table.
          session.attempt(() => snapshot.describe(request)),
        );
      } finally {
        await session.close();
      }
    },

    async discover(): Promise<DiscoveredTable[]> {
      const session = await openSession(options);
      try {
        return await discoverTables(session);
      } finally {
        await session.close();
      }
    },

    async openSnapshot(signal: AbortSignal): Promise<Snapshot> {
      return new PostgresSnapshot(await openSession({ ...options, signal }));
    },
  };
}
