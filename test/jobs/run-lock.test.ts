import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acquireRunLock, readLockHolder } from '../../jobs/run-lock.ts';

const now = new Date('2026-11-24T02:00:00Z');
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-lock-'));
  path = join(folder, 'state.duckdb.run');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the lock of a run', () => {
  it('refuses a second run with WC-RUN-001, naming the run, the process and the host', async () => {
    const lock = await acquireRunLock(path, 'r_first', now);
    await expect(acquireRunLock(path, 'r_second', now)).rejects.toMatchObject({
      code: 'WC-RUN-001',
      message: `run r_first (process ${process.pid} on ${hostname()}, since 2026-11-24T02:00:00.000Z) is going on`,
    });
    expect(await lock.isOurs()).toBe(true);
    await lock.release();
  });

  it('is free again after the run ended', async () => {
    await (await acquireRunLock(path, 'r_first', now)).release();
    expect(await readLockHolder(path)).toBeNull();
    await (await acquireRunLock(path, 'r_second', now)).release();
  });

  it('is taken over at once from a process of this host that was killed', async () => {
    const killed = await acquireRunLock(path, 'r_killed', now);
    await writeFile(
      `${path}.json`,
      JSON.stringify({ runId: 'r_killed', pid: await deadPid(), host: hostname(), since: now.toISOString() }),
    );
    const lock = await acquireRunLock(path, 'r_next', now);
    expect(await lock.isOurs()).toBe(true);
    // The fence: whoever lost the lock must not publish.
    expect(await killed.isOurs()).toBe(false);
    await lock.release();
  });

  it('stays with a holder on another host whose heartbeat is fresh', async () => {
    await acquireRunLock(path, 'r_far', now);
    await writeFile(
      `${path}.json`,
      JSON.stringify({
        runId: 'r_far',
        pid: await deadPid(),
        host: 'another-host',
        since: now.toISOString(),
      }),
    );
    await expect(acquireRunLock(path, 'r_next', now)).rejects.toMatchObject({ code: 'WC-RUN-001' });
  });

  it('lets exactly one of many newcomers in when the holder was killed', async () => {
    await acquireRunLock(path, 'r_killed', now);
    await writeFile(
      `${path}.json`,
      JSON.stringify({ runId: 'r_killed', pid: await deadPid(), host: hostname(), since: now.toISOString() }),
    );
    const outcomes = await Promise.allSettled(
      ['r_a', 'r_b', 'r_c', 'r_d'].map((runId) => acquireRunLock(path, runId, now)),
    );
    const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(winners).toHaveLength(1);
    for (const lock of winners) await lock.release();
  });
});

/** The id of a process that has been and is no more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid ?? 0;
}
