import { describe, expect, it } from '@jest/globals';
import { WhalecurveError } from '../../config/error.ts';
import { backoffOf, type Patience, type Retry, withRetries } from '../../jobs/retry.ts';

const deadlock = () => Object.assign(new Error('deadlock detected'), { code: '40P01' });
const signal = new AbortController().signal;

function patience(given: Partial<Patience> = {}): Patience & { retries: Retry[] } {
  const retries: Retry[] = [];
  return {
    attempts: 3,
    backoffMs: 0,
    seed: 'r_1 extract:finance',
    signal,
    onRetry: (retry) => retries.push(retry),
    ...given,
    retries,
  };
}

/** Fails so often, then gives its number. */
function failing(times: number, error: () => unknown): () => Promise<number> {
  let attempt = 0;
  return async () => {
    attempt += 1;
    if (attempt <= times) throw error();
    return attempt;
  };
}

describe('work that fails', () => {
  it('by a deadlock is done again, and each retry is told with its reason', async () => {
    const patient = patience();
    expect(await withRetries(failing(2, deadlock), patient)).toBe(3);
    expect(patient.retries.map(({ kind, attempt }) => [kind, attempt])).toEqual([
      ['deadlock', 2],
      ['deadlock', 3],
    ]);
  });

  it('by a deadlock that stands behind our own error is done again', async () => {
    const ours = () => new WhalecurveError('WC-SOURCE-006', 'reading failed', { cause: deadlock() });
    expect(await withRetries(failing(1, ours), patience())).toBe(2);
  });

  it('each time ends with its error when the attempts are used up', async () => {
    const patient = patience({ attempts: 2 });
    await expect(withRetries(failing(5, deadlock), patient)).rejects.toThrow('deadlock detected');
    expect(patient.retries).toHaveLength(1);
  });

  it('by a syntax error is not done again', async () => {
    const patient = patience();
    const syntax = () => Object.assign(new Error('syntax error'), { code: '42601' });
    await expect(withRetries(failing(1, syntax), patient)).rejects.toThrow('syntax error');
    expect(patient.retries).toEqual([]);
  });

  it('and is told to stop while it waits for its next attempt ends at once: WC-RUN-004', async () => {
    const stop = new AbortController();
    const night = withRetries(
      failing(1, deadlock),
      patience({ backoffMs: 600_000, signal: stop.signal, onRetry: () => stop.abort() }),
    );
    await expect(night).rejects.toMatchObject({ code: 'WC-RUN-004' });
  });
});

describe('the wait before an attempt', () => {
  it('doubles: between a half and the whole of 10, 20 and 40 s', () => {
    for (const [attempt, whole] of [
      [1, 10_000],
      [2, 20_000],
      [3, 40_000],
    ] as const) {
      for (const seed of ['a', 'b', 'c', 'd']) {
        const waitMs = backoffOf(attempt, 10_000, seed);
        expect(waitMs).toBeGreaterThanOrEqual(whole / 2);
        expect(waitMs).toBeLessThanOrEqual(whole);
      }
    }
  });

  it('is the same for the same run and job, and another for another job', () => {
    expect(backoffOf(1, 10_000, 'r_1 extract:finance')).toBe(backoffOf(1, 10_000, 'r_1 extract:finance'));
    expect(backoffOf(1, 10_000, 'r_1 extract:finance')).not.toBe(backoffOf(1, 10_000, 'r_1 extract:sales'));
  });

  it('is never longer than ten minutes', () => {
    expect(backoffOf(19, 10_000, 'a')).toBeLessThanOrEqual(600_000);
  });
});
