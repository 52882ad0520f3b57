import { databaseSource } from '../database-source.ts';
import type { Source, SourceContext } from '../source.ts';
import { discoverTables } from './discover.ts';
import { mysqlSnapshot } from './mysql-snapshot.ts';
import { type MysqlSession, openSession } from './session.ts';

export function mysqlSource({ name, config, folder }: SourceContext): Source {
  if (config.type !== 'mysql') throw new TypeError(`${name} is no MySQL source`);
  return databaseSource<MysqlSession>(
    {
      openSession,
      snapshotOf: mysqlSnapshot,
      look: async (session, request) => ({ columns: await mysqlSnapshot(session).describe(request) }),
      discoverTables,
    },
    { source: name, config, folder },
  );
}
