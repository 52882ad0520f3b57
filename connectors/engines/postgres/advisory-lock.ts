import { WhalecurveError } from '../../../config/error.ts';
import type { HeldLock, LockHolder, StateLock } from '../lock.ts';
import type { PostgresWarehouse } from '../warehouse-config.ts';
import { openSession } from './open-session.ts';
import { postgresName } from './server-name.ts';
import type { PostgresSession } from './session.ts';

/** Advisory locks count per database; the first number keeps ours from those of other programs. */
const lockClass = 0x5748_4c43;
const lockNumbers = { run: 1, owner: 2 };

/** Where a run hears that it is to stop; a channel is that of one database. */
const stopChannel = 'whalecurve_stop';

/** An answer that takes longer than this is none: another process may have the lock by now. */
const patienceMs = 10_000;

/**
 * A lock that lives as long as a connection of its own: it is free as soon as the server knows that the holder is
 * gone, at once for a killed process and within a minute for a host that vanished. The holder is told by the
 * name that the connection goes by, `whalecurve run r_…`.
 */
export function advisoryLock(warehouse: PostgresWarehouse, name: 'run' | 'owner'): StateLock {
  const key = `${lockClass}, ${lockNumbers[name]}`;
  return {
    async acquire(runId) {
      const session = await openSession(warehouse, { applicationName: `whalecurve ${name} ${runId}` });
      try {
        const { rows } = await session.rows(`select pg_try_advisory_lock(${key})`);
        if (rows[0]?.[0] !== 't') throw heldError(await holderOf(session, name), warehouse);
        await endSessionsOfTheDead(session, name);
      } catch (error) {
        await session.close();
        throw error;
      }
      return heldLock(session, name, runId);
    },
    async holder() {
      const session = await openSession(warehouse, {
        applicationName: 'whalecurve status',
        isReadOnly: true,
      });
      try {
        return await holderOf(session, name);
      } finally {
        await session.close();
      }
    },
    async askToStop(runId) {
      const session = await openSession(warehouse, { applicationName: 'whalecurve cancel' });
      try {
        await session.rows('select pg_notify($1, $2)', [stopChannel, runId]);
      } finally {
        await session.close();
      }
    },
  };
}

/**
 * What a process that lost its lock still has open: the server goes on with its statement, and keeps its locks, until it
 * next writes to it; of a process that was stopped, for ever. Whoever has the lock knows that no other is alive.
 */
async function endSessionsOfTheDead(session: PostgresSession, name: 'run' | 'owner'): Promise<void> {
  await session.rows(
    `select pg_terminate_backend(pid) from pg_catalog.pg_stat_activity
     where datname = current_database() and usename = current_user and application_name like $1`,
    [`whalecurve ${name === 'run' ? 'landing' : 'state'}%`],
  );
}

async function heldLock(
  session: PostgresSession,
  name: 'run' | 'owner',
  firstRunId: string,
): Promise<HeldLock> {
  let isReleased = false;
  let runId = firstRunId;
  const stop = new AbortController();
  session.client.on('notification', ({ channel, payload }) => {
    if (channel === stopChannel && payload === runId) stop.abort();
  });
  await session.run(`listen ${stopChannel}`);
  const isOurs = async () => {
    if (isReleased) return false;
    let stopWaiting = () => {};
    const noAnswer = new Promise<false>((resolve) => {
      const timer = setTimeout(() => resolve(false), patienceMs);
      stopWaiting = () => clearTimeout(timer);
    });
    const answer = session.rows(`${locksSelect} and pg_locks.pid = pg_backend_pid()`, [lockNumbers[name]]);
    try {
      return await Promise.race([answer.then(({ rows }) => rows.length > 0).catch(() => false), noAnswer]);
    } finally {
      stopWaiting();
    }
  };
  return {
    isOurs,
    stopAsked: stop.signal,
    rename: async (newRunId) => {
      runId = newRunId;
      await session.rows("select set_config('application_name', $1, false)", [`whalecurve ${name} ${runId}`]);
    },
    release: async () => {
      isReleased = true;
      // The server gives the lock back with the connection.
      await session.close();
    },
  };
}

const locksSelect = `
  select coalesce(application_name, ''), pg_locks.pid, coalesce(host(client_addr), 'the host of the server'),
    to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  from pg_catalog.pg_locks
  left join pg_catalog.pg_stat_activity on pg_stat_activity.pid = pg_locks.pid
  where locktype = 'advisory' and granted and classid = ${lockClass} and objid = $1 and objsubid = 2
    and pg_locks.database = (select oid from pg_catalog.pg_database where datname = current_database())`;

async function holderOf(session: PostgresSession, name: 'run' | 'owner'): Promise<LockHolder | null> {
  const { rows } = await session.rows(locksSelect, [lockNumbers[name]]);
  const [application, pid, host, since] = rows[0] ?? [];
  if (pid === undefined || pid === null) return null;
  return {
    runId: application?.split(' ').at(-1) ?? '',
    pid: Number(pid),
    host: host ?? '',
    since: since ?? '',
  };
}

function heldError(holder: LockHolder | null, warehouse: PostgresWarehouse): WhalecurveError {
  const who =
    holder === null
      ? 'another run'
      : `run ${holder.runId} (session ${holder.pid} from ${holder.host}, since ${holder.since})`;
  return new WhalecurveError('WC-RUN-001', `${who} is going on`, {
    where: postgresName(warehouse),
    hint: 'wait for it to end; a run that was killed gives up its lock by itself',
  });
}
