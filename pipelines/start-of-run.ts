import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { resolveAsOf } from '../config/as-of.ts';
import { durationInWords } from '../config/duration.ts';
import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { HeldLock, StateLock } from '../connectors/engines/lock.ts';
import { stopReason } from '../jobs/failure.ts';
import type { RunStart } from '../jobs/job.ts';
import type { RunSetting } from '../jobs/state-owner.ts';

const betweenTriesMs = 500;

/** Sorts by time as text; the one place where a run gets its randomness. */
export function newRunId(now: Date): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  return `r_${time}_${randomBytes(3).toString('hex')}`;
}

/** Wall time that goes on from `now`, so that the times of a run fit its id also when `now` was given. */
export function clockFrom(now: Date): () => Date {
  const started = performance.now();
  return () => new Date(now.getTime() + Math.round(performance.now() - started));
}

/** @throws WC-USAGE-001 for what is no date */
export function asOfDay(config: LoadedConfig, { asOf, now }: { asOf?: string; now: Date }): string {
  if (asOf === undefined) return resolveAsOf(config, now);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(asOf) && new Date(`${asOf}T00:00:00Z`).toJSON()?.startsWith(asOf);
  if (asOf !== 'today' && !isDay) {
    throw new WhalecurveError('WC-USAGE-001', `as-of ${asOf} is no date`, {
      hint: 'write it as 2026-01-31, or today',
    });
  }
  return resolveAsOf({ reporting: { ...config.reporting, as_of: asOf } }, now);
}

/**
 * Takes the lock of a run; while another has it, waits for it where `run.when_busy` says so.
 *
 * @throws WC-RUN-001 where another run goes on, or did so for longer than `run.wait`
 */
export async function acquireRunLock(
  lock: StateLock,
  { runId, startedAt }: RunStart,
  { config, signal, report }: RunSetting,
): Promise<HeldLock> {
  const { when_busy, wait: patienceMs } = config.run;
  const until = performance.now() + patienceMs;
  for (let isTold = false; ; isTold = true) {
    try {
      return await lock.acquire(runId, new Date(startedAt));
    } catch (error) {
      const isBusy = error instanceof WhalecurveError && error.code === 'WC-RUN-001';
      if (!isBusy || when_busy === 'exit' || performance.now() >= until) throw error;
      if (!isTold)
        report({
          kind: 'notice',
          message: `${error.message}: this one waits for it, for up to ${durationInWords(patienceMs)}`,
        });
      await wait(betweenTriesMs, undefined, { signal }).catch(() => {
        throw stopReason(signal);
      });
    }
  }
}
