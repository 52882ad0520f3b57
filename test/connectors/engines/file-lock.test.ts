import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fileLock } from '../../../connectors/engines/duckdb/file-lock.ts';
import type { StateLock } from '../../../connectors/engines/lock.ts';

const now = new Date('2026-11-24T02:00:00Z');
let folder: string;
let path: string;
let lock: StateLock;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-lock-'));
  path = join(folder, 'state.duckdb.run');
  lock = fileLock(path);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the lock of a run', () => {
  it('refuses a second run with WC-RUN-001, naming the run, the process and the host', async () => {
    const held = await lock.acquire('r_first', now);
    await expect(lock.acquire('r_second', now)).rejects.toMatchObject({
      code: 'WC-RUN-001',
      message: `run r_first (process ${process.pid} on ${hostname()}, since 2026-11-24T02:00:00.000Z) is going on`,
    });
    expect(await held.isOurs()).toBe(true);
    await held.release();
  });

  it('is free again after the run ended', async () => {
    const held = await lock.acquire('r_first', now);
    expect(await lock.holder()).toMatchObject({ runId: 'r_first' });
    await held.release();
    expect(await lock.holder()).toBeNull();
    await (await lock.acquire('r_second', now)).release();
  });

  it('is taken over at once from a process of this host that was killed', async () => {
    const killed = await lock.acquire('r_killed', now);
    await writeHolder('r_killed', await deadPid(), hostname());
    expect(await lock.holder()).toBeNull();
    const held = await lock.acquire('r_next', now);
    expect(await held.isOurs()).toBe(true);
    // The fence: whoever lost the lock must not publish.
    expect(await killed.isOurs()).toBe(false);
    await held.release();
  });

  it('stays with a holder on another host whose heartbeat is fresh', async () => {
    await lock.acquire('r_far', now);
    await writeHolder('r_far', await deadPid(), 'another-host');
    await expect(lock.acquire('r_next', now)).rejects.toMatchObject({ code: 'WC-RUN-001' });
    expect(await lock.holder()).toMatchObject({ runId: 'r_far', host: 'another-host' });
  });

  it('lets exactly one of many newcomers in when the holder was killed', async () => {
    await lock.acquire('r_killed', now);
    await writeHolder('r_killed', await deadPid(), hostname());
    const outcomes = await Promise.allSettled(
      ['r_a', 'r_b', 'r_c', 'r_d'].map((runId) => lock.acquire(runId, now)),
    );
    const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(winners).toHaveLength(1);
    for (const winner of winners) await winner.release();
  });
});

describe('a process that was killed while it took or gave back the lock', () => {
  it('leaves its name without the lock, which is free at once', async () => {
    await writeHolder('r_killed', await deadPid(), hostname());
    expect(await lock.holder()).toBeNull();
    const held = await lock.acquire('r_next', now);
    expect(await held.isOurs()).toBe(true);
    await held.release();
  });
});

async function writeHolder(runId: string, pid: number, host: string): Promise<void> {
  await writeFile(`${path}.json`, JSON.stringify({ runId, pid, host, since: now.toISOString() }));
}

/** The id of a process that has been and is no more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid ?? 0;
}
