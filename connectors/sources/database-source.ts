import { checkTables, type Looked, verdictOf } from './check-tables.ts';
import type { DatabaseSession, SessionOptions } from './database-session.ts';
import type { CheckVerdict, DiscoveredTable, Snapshot, Source, TableRequest } from './source.ts';

/** What each kind of database does in its own way. */
export interface Database<Session extends DatabaseSession> {
  openSession(options: SessionOptions): Promise<Session>;
  snapshotOf(session: Session): Snapshot;
  /** At one table, so that a failure leaves the session usable for the next. */
  look(session: Session, request: TableRequest): Promise<Looked>;
  discoverTables(session: Session): Promise<DiscoveredTable[]>;
}

export function databaseSource<Session extends DatabaseSession>(
  database: Database<Session>,
  options: SessionOptions,
): Source {
  const name = options.source;
  return {
    name,

    async *check(requests: readonly TableRequest[]): AsyncGenerator<CheckVerdict> {
      let session: Session;
      try {
        session = await database.openSession(options);
      } catch (error) {
        yield verdictOf(name, error);
        return;
      }
      try {
        const { server, destination } = session;
        yield {
          subject: name,
          isOk: true,
          message: `connected to ${server} as ${destination.user}, read-only`,
        };
        yield* checkTables(name, requests, (request) => database.look(session, request));
      } finally {
        await session.close();
      }
    },

    async discover(): Promise<DiscoveredTable[]> {
      const session = await database.openSession(options);
      try {
        return await database.discoverTables(session);
      } finally {
        await session.close();
      }
    },

    async openSnapshot(signal: AbortSignal): Promise<Snapshot> {
      return database.snapshotOf(await database.openSession({ ...options, signal }));
    },
  };
}
