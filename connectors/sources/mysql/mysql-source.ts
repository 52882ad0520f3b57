import { databaseSource } from '../database-source.ts';
import type { Source, SourceContext } from '../source.ts';
import { withBinlog } from './cdc/with-binlog.ts';
import { discoverTables } from './discover.ts';
import { mysqlSnapshot } from './mysql-snapshot.ts';
import { type MysqlSession, openSession } from './session.ts';

export function mysqlSource({ name, config, folder }: SourceContext): Source {
  if (config.type !== 'mysql') throw new TypeError(`${name} is no MySQL source`);
  const options = { source: name, config, folder };
  const source = databaseSource<MysqlSession>(
    {
      openSession,
      snapshotOf: mysqlSnapshot,
      look: async (session, request) => ({ columns: await mysqlSnapshot(session).describe(request) }),
      discoverTables,
    },
    options,
  );
  return config.cdc === undefined ? source : withBinlog(source, config.cdc, options);
}
