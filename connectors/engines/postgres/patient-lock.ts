import { setTimeout as wait } from 'node:timers/promises';
import { isState } from './server-error.ts';
import type { PostgresSession } from './session.ts';
import { qualified } from './table-swap.ts';

/** While we wait for a lock, every new reader waits behind us: so never for long. */
const oneTry = '2s';
const betweenTriesMs = 3_000;
const tries = 120;

/**
 * Locks tables of `warehouse`, or views of another schema and what they read, against readers, all of them at once, when none is being read. Readers of the moment
 * are let go on for up to ten minutes.
 */
export async function lockPatiently(
  session: PostgresSession,
  names: readonly string[],
  schema = 'warehouse',
): Promise<void> {
  if (names.length === 0) return;
  const list = names.map((table) => qualified({ schema, table })).join(', ');
  for (let left = tries; ; left -= 1) {
    try {
      await session.attempt('patience', () =>
        session.run(`set local lock_timeout = '${oneTry}'; lock table ${list} in access exclusive mode`),
      );
      await session.run('set local lock_timeout = 0');
      return;
    } catch (error) {
      if (left <= 1 || !isState(error, '55P03')) throw error;
      await wait(betweenTriesMs);
    }
  }
}
