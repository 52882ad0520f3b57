import type { LogGap } from '../../change-log.ts';
import { builder } from '../builder.ts';
import type { MysqlSession } from '../session.ts';

/** Why the log of this server, or of this login, tells nothing of any table. */
export async function serverGap(session: MysqlSession): Promise<LogGap | null> {
  // A transaction stands in MySQL's log before a snapshot sees it, and MySQL does not say where a snapshot stands.
  if (!session.server.startsWith('MariaDB')) {
    return {
      code: 'WC-CDC-001',
      message: `${session.server} does not say at which place of its binary log a snapshot stands; MariaDB does`,
      hint: 'give the tables another `strategy`, such as snapshot_diff',
    };
  }
  const [settings] = await session.query(
    'select @@global.log_bin as log_bin, @@global.binlog_format as format',
  );
  if (settings?.log_bin !== '1') {
    const hint = 'set log_bin and a server_id in the configuration of the server and restart it';
    return { code: 'WC-CDC-001', message: 'the server writes no binary log', hint };
  }
  if (settings.format !== 'ROW') {
    return {
      code: 'WC-CDC-001',
      message: `the server writes binlog_format = ${settings.format}`,
      hint: 'as a superuser: set global binlog_format = ROW; and the same in the configuration of the server',
    };
  }
  try {
    await session.query('show master status');
    return null;
  } catch (error) {
    return rightsGap(session, (error as Error).message);
  }
}

/** With the grant that would help. */
export function rightsGap(session: MysqlSession, message: string): LogGap {
  const [user = '', host = '%'] = session.destination.user.split('@');
  const sql = builder.raw('grant replication slave, binlog monitor on *.* to ?@?', [user, host]).toQuery();
  return { code: 'WC-CDC-001', message, hint: `as a superuser: ${sql}` };
}
