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
import { MysqlSnapshot } from './mysql-snapshot.ts';
import { type MysqlSession, openSession } from './session.ts';

export function mysqlSource({ name, config, folder }: SourceContext): Source {
  if (config.type !== 'mysql') throw new TypeError(`${name} is no MySQL source`);
  const options = { source: name, config: config satisfies DatabaseConfig, folder };
  return {
    name,

    async *check(requests: readonly TableRequest[]): AsyncGenerator<CheckVerdict> {
      let session: MysqlSession;
      try {
        session = await openSession(options);
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
        const snapshot = new MysqlSnapshot(session);
        yield* checkTables(name, requests, (request) => snapshot.describe(request));
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
      return new MysqlSnapshot(await openSession({ ...options, signal }));
    },
  };
}
