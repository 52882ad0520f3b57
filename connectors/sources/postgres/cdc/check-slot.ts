import { WhalecurveError } from '../../../../config/error.ts';
import type { LogGap } from '../../change-log.ts';
import { verdictOf } from '../../check-tables.ts';
import { isReadByLog, logVerdict } from '../../log-verdicts.ts';
import { quoted } from '../../quoted.ts';
import type { CheckVerdict, TableRequest } from '../../source.ts';
import { builder } from '../builder.ts';
import { postgresSnapshot } from '../postgres-snapshot.ts';
import type { PostgresSession } from '../session.ts';
import { coverageOf } from './coverage.ts';
import { type PostgresCdc, slotGap } from './postgres-change-log.ts';
import { findSlot } from './slot.ts';

/** What is missing before changes can be read, with the SQL to run. It changes nothing: the first run makes the slot. */
export async function* checkSlot(
  session: PostgresSession,
  cdc: PostgresCdc,
  requests: readonly TableRequest[],
): AsyncGenerator<CheckVerdict> {
  const subject = `${session.source}.${cdc.slot}`;
  const slot = await findSlot(session, cdc.slot);
  const server = await serverGap(session);
  const gap = server ?? (slot === null ? null : slotGap(cdc, slot, null));
  const words =
    slot === null
      ? `the first run makes the replication slot ${cdc.slot}`
      : `the replication slot ${cdc.slot} keeps ${Math.round(slot.retainedBytes / 1024 / 1024)} MB of the log`;
  yield logVerdict(subject, gap, words);
  for (const request of requests.filter(isReadByLog)) {
    const table = `${session.source}.${request.name}`;
    try {
      const key = request.table.key ?? (await postgresSnapshot(session).primaryKey(request));
      const keyed = { ...request, table: { ...request.table, key } };
      const { gap: found } = await session.attempt(() => coverageOf(session, cdc.publication, keyed));
      yield logVerdict(table, found, `the publication ${cdc.publication} has all its changes`);
    } catch (error) {
      // A missing table was told of before.
      if (!(error instanceof WhalecurveError && error.code === 'WC-SOURCE-004'))
        yield verdictOf(table, error);
    }
  }
}

async function serverGap(session: PostgresSession): Promise<LogGap | null> {
  const { rows } = await session.query(
    `select current_setting('wal_level') as wal_level,
            exists (select 1 from pg_roles
                     where rolname = current_user and (rolreplication or rolsuper)
                        or rolname = 'rds_replication' and pg_has_role(current_user, oid, 'member')) as may_replicate`,
  );
  const [found] = rows;
  if (found?.wal_level !== 'logical') {
    return {
      code: 'WC-CDC-001',
      message: `the server writes wal_level = ${found?.wal_level}`,
      hint: 'as a superuser: alter system set wal_level = logical; then restart the server',
    };
  }
  if (found.may_replicate === 't') return null;
  const user = quoted(builder, session.destination.user).toQuery();
  return {
    code: 'WC-CDC-001',
    message: `${session.destination.user} may not read the log`,
    hint: `as a superuser: alter role ${user} replication`,
  };
}
