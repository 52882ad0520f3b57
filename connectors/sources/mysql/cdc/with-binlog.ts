import { verdictOf } from '../../check-tables.ts';
import type { SessionOptions } from '../../database-session.ts';
import { isReadByLog, logVerdict } from '../../log-verdicts.ts';
import type { CheckVerdict, Snapshot, Source, TableRequest } from '../../source.ts';
import { mysqlSnapshot } from '../mysql-snapshot.ts';
import { type MysqlSession, openSession } from '../session.ts';
import { placeOfSnapshot, placeText } from './binlog-place.ts';
import { coverageOf } from './coverage.ts';
import { changesOfBinlog, type MysqlCdc } from './mysql-change-log.ts';
import { serverGap } from './server-gap.ts';

/** A MySQL source whose changes the binary log tells. */
export function withBinlog(source: Source, cdc: MysqlCdc, options: SessionOptions): Source {
  return {
    ...source,

    async *check(requests: readonly TableRequest[]): AsyncGenerator<CheckVerdict> {
      let isConnected = true;
      for await (const verdict of source.check(requests)) {
        yield verdict;
        if (verdict.subject === source.name) isConnected = verdict.isOk;
      }
      if (!isConnected) return;
      const session = await openSession(options);
      try {
        yield* checkBinlog(session, requests);
      } finally {
        await session.close();
      }
    },

    async openSnapshot(signal: AbortSignal): Promise<Snapshot> {
      const session = await openSession({ ...options, signal });
      return {
        ...mysqlSnapshot(session),
        changes: (tables) => changesOfBinlog(session, cdc, tables, { ...options, signal }),
      };
    },
  };
}

async function* checkBinlog(
  session: MysqlSession,
  requests: readonly TableRequest[],
): AsyncGenerator<CheckVerdict> {
  const subject = `${session.source}.binlog`;
  const gap = await serverGap(session);
  if (gap !== null) {
    yield logVerdict(subject, gap, '');
    return;
  }
  const place = placeText(await placeOfSnapshot(session));
  yield logVerdict(subject, null, `the binary log is read up to the snapshot, now ${place}`);
  for (const request of requests.filter(isReadByLog)) {
    const table = `${session.source}.${request.name}`;
    try {
      const key = request.table.key ?? (await mysqlSnapshot(session).primaryKey(request));
      const { gap: found } = await coverageOf(session, { ...request, table: { ...request.table, key } });
      yield logVerdict(table, found, 'the binary log has all its changes');
    } catch (error) {
      yield verdictOf(table, error);
    }
  }
}
