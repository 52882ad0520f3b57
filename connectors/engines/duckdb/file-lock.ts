import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import lockfile from 'proper-lockfile';
import { WhalecurveError } from '../../../config/error.ts';
import type { HeldLock, LockHolder, StateLock } from '../lock.ts';

/** Longer than any pause of a live process, since DuckDB works off the event loop; the heartbeat is 5 s. */
const staleMs = 30_000;

const stopPollMs = 250;

/**
 * A lock in files beside `path`. That of a process that is gone is taken over: at once where its host is this one,
 * else when its heartbeat is older than 30 s.
 */
export function fileLock(path: string): StateLock {
  return {
    acquire: (runId, now) => acquire(path, runId, now),
    holder: async () => {
      const holder = await readHolder(path);
      return holder !== null && (await isAlive(path, holder)) ? holder : null;
    },
    askToStop: (runId) => writeFile(stopFile(path), runId),
  };
}

async function acquire(path: string, runId: string, now: Date): Promise<HeldLock> {
  let holder: LockHolder = { runId, pid: process.pid, host: hostname(), since: now.toISOString() };
  await mkdir(dirname(path), { recursive: true });
  let isLost = false;
  // Looking at the old holder and taking its place must be one step, or two newcomers could both find it dead.
  const leaveGate = await enterGate(path);
  let unlock: () => Promise<void>;
  try {
    await removeDeadLock(path);
    if (await lockfile.check(path, { ...filesOf(path), stale: staleMs })) throw await heldError(path);
    // Before the lock itself: killed between the two, this process is known to be dead, and the lock to be free.
    await writeHolder(path, holder);
    unlock = await lockfile.lock(path, {
      ...filesOf(path),
      stale: staleMs,
      update: 5_000,
      onCompromised: () => {
        isLost = true;
      },
    });
  } catch (error) {
    throw isHeld(error) ? await heldError(path) : error;
  } finally {
    await leaveGate();
  }
  const isOurs = async () => !isLost && isSameHolder(await readHolder(path), holder);
  // One that was meant for a run before.
  await rm(stopFile(path), { force: true });
  const stop = new AbortController();
  const watch = setInterval(() => {
    void isAskedToStop(path, holder.runId).then((isAsked) => isAsked && stop.abort());
  }, stopPollMs);
  watch.unref();
  return {
    isOurs,
    stopAsked: stop.signal,
    rename: async (newRunId) => {
      if (!(await isOurs())) return;
      holder = { ...holder, runId: newRunId };
      await writeHolder(path, holder);
    },
    release: async () => {
      clearInterval(watch);
      if (!(await isOurs())) return;
      await rm(stopFile(path), { force: true });
      // In this order, and with newcomers kept out: killed between the two, a dead holder of a free lock is left.
      const leave = await enterGate(path);
      await unlock();
      await rm(holderFile(path), { force: true });
      await leave();
    },
  };
}

async function isAskedToStop(path: string, runId: string): Promise<boolean> {
  // Unreadable for a moment is not yet asked: the next look is soon.
  return (await readFile(stopFile(path), 'utf8').catch(() => '')) === runId;
}

/** Who has the lock, or null where nobody does. A holder that was killed is still named. */
async function readHolder(path: string): Promise<LockHolder | null> {
  try {
    return JSON.parse(await readFile(holderFile(path), 'utf8')) as LockHolder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whether the holder is still at work, as far as this host can tell. */
async function isAlive(path: string, holder: LockHolder): Promise<boolean> {
  if (holder.host === hostname() && !isProcessAlive(holder.pid)) return false;
  return lockfile.check(path, { ...filesOf(path), stale: staleMs });
}

async function removeDeadLock(path: string): Promise<void> {
  const holder = await readHolder(path);
  if (holder === null || holder.host !== hostname() || isProcessAlive(holder.pid)) return;
  await rm(filesOf(path).lockfilePath, { recursive: true, force: true });
}

async function enterGate(path: string): Promise<() => Promise<void>> {
  // A name of its own: the library keeps its locks by this name, not by that of the lock file.
  return lockfile.lock(`${path}.gate`, {
    realpath: false,
    stale: 5_000,
    retries: { retries: 100, factor: 1, minTimeout: 50, maxTimeout: 100 },
  });
}

/** Written aside and renamed: a reader never meets half a holder. */
async function writeHolder(path: string, holder: LockHolder): Promise<void> {
  const aside = `${holderFile(path)}.${holder.pid}`;
  await writeFile(aside, JSON.stringify(holder));
  await rename(aside, holderFile(path));
}

async function heldError(path: string): Promise<WhalecurveError> {
  const holder = await readHolder(path);
  const who =
    holder === null
      ? 'another run'
      : `run ${holder.runId} (process ${holder.pid} on ${holder.host}, since ${holder.since})`;
  return new WhalecurveError('WC-RUN-001', `${who} is going on`, {
    where: path,
    hint: 'wait for it to end; a run that was killed gives up its lock by itself',
  });
}

function isSameHolder(found: LockHolder | null, ours: LockHolder): boolean {
  return found?.runId === ours.runId && found.pid === ours.pid && found.host === ours.host;
}

function isHeld(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ELOCKED';
}

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function filesOf(path: string): { realpath: false; lockfilePath: string } {
  return { realpath: false, lockfilePath: `${path}.lock` };
}

function holderFile(path: string): string {
  return `${path}.json`;
}

function stopFile(path: string): string {
  return `${path}.stop`;
}
