import { WhalecurveError } from '../../../../config/error.ts';
import type { SessionOptions } from '../../database-session.ts';
import type { CheckVerdict, Snapshot, Source, TableRequest } from '../../source.ts';
import { postgresSnapshot } from '../postgres-snapshot.ts';
import { openSession, type PostgresSession } from '../session.ts';
import { checkSlot } from './check-slot.ts';
import { isBehind } from './lsn.ts';
import { changesOfSlot, type PostgresCdc } from './postgres-change-log.ts';
import { advanceSlot, ensureSlot } from './slot.ts';

/** A PostgreSQL source whose changes a replication slot tells. */
export function withSlot(source: Source, cdc: PostgresCdc, options: SessionOptions): Source {
  return {
    ...source,

    async *check(requests: readonly TableRequest[]): AsyncGenerator<CheckVerdict> {
      let isConnected = true;
      for await (const verdict of source.check(requests)) {
        yield verdict;
        if (verdict.subject === source.name) isConnected = verdict.isOk;
      }
      if (isConnected) yield* inSession(options, (session) => checkSlot(session, cdc, requests));
    },

    async openSnapshot(signal: AbortSignal): Promise<Snapshot> {
      const slotFailure = await makeSlot(cdc, { ...options, signal });
      const session = await openSession({ ...options, signal });
      return {
        ...postgresSnapshot(session),
        changes: (tables) => changesOfSlot(session, cdc, tables, slotFailure),
      };
    },

    async releaseLog(positions: readonly string[]): Promise<void> {
      const session = await openSession(options);
      try {
        await advanceSlot(
          session,
          cdc.slot,
          positions.reduce((one, other) => (isBehind(one, other) ? one : other)),
        );
      } finally {
        await session.close();
      }
    },
  };
}

/** null, or why the server did not let us: the tables are then read whole. */
async function makeSlot(cdc: PostgresCdc, options: SessionOptions): Promise<string | null> {
  const session = await openSession(options);
  try {
    await ensureSlot(session, cdc.slot);
    return null;
  } catch (error) {
    if (!(error instanceof WhalecurveError) || options.signal?.aborted) throw error;
    return error.message;
  } finally {
    await session.close();
  }
}

async function* inSession(
  options: SessionOptions,
  verdicts: (session: PostgresSession) => AsyncIterable<CheckVerdict>,
): AsyncGenerator<CheckVerdict> {
  const session = await openSession(options);
  try {
    yield* verdicts(session);
  } finally {
    await session.close();
  }
}
