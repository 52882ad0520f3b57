import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type PassingKind, passingKind } from '../connectors/sources/passing-failure.ts';
import { stopReason } from './failure.ts';

export interface Patience {
  /** In all, the first one with them. */
  attempts: number;
  /** Before the second attempt. */
  backoffMs: number;
  /** Of the jitter: the id of the run and of the job, so that the same run waits the same times. */
  seed: string;
  signal: AbortSignal;
  /** Whether to try again after that; default: always. */
  isWorthIt?(kind: PassingKind): boolean;
  onRetry(retry: Retry): void;
}

export interface Retry {
  kind: PassingKind;
  error: unknown;
  /** The attempt that comes. */
  attempt: number;
  waitMs: number;
}

/**
 * Does the work again where it failed by what passes (`passingKind`); gives up at once for everything else, when the
 * attempts are used up and when the signal says so.
 */
export async function withRetries<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const { attempts, backoffMs, seed, signal, isWorthIt = () => true, onRetry } = patience;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const kind = passingKind(error);
      if (kind === null || !isWorthIt(kind) || attempt >= attempts || signal.aborted) throw error;
      const waitMs = backoffOf(attempt, backoffMs, seed);
      onRetry({ kind, error, attempt: attempt + 1, waitMs });
      await wait(waitMs, undefined, { signal }).catch(() => {
        throw stopReason(signal);
      });
    }
  }
}

/**
 * Doubled with each attempt, up to ten minutes, of which a half is jitter, so that the jobs that one restart of a
 * server has thrown out do not all come back at one instant ("equal jitter",
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function backoffOf(attempt: number, backoffMs: number, seed: string): number {
  const whole = Math.min(backoffMs * 2 ** (attempt - 1), 600_000);
  const share = createHash('sha256').update(`${seed} ${attempt}`).digest().readUInt32BE(0) / 2 ** 32;
  return Math.round(whole / 2 + (whole / 2) * share);
}
