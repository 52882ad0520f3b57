import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { freePort, type OwnPostgres } from './own-postgres.ts';

export interface OwnStandby {
  port: number;
  /** Waits until what the primary has written is replayed, or at least tried to be. */
  untilReplayed(): Promise<void>;
  stop(): Promise<void>;
}

/** A hot standby of a primary, made from its files between two runs; null where none can be started. */
export async function startOwnStandby(
  primary: OwnPostgres,
  settings: Readonly<Record<string, string>>,
): Promise<OwnStandby | null> {
  const folder = await mkdtemp(join(dirname(primary.dataFolder), 'standby-'));
  const data = join(folder, 'data');
  const { uid, gid } = await stat(primary.dataFolder);
  await primary.pausedWhile(() =>
    cp(primary.dataFolder, data, { recursive: true, preserveTimestamps: true }),
  );
  await rm(join(data, 'postmaster.pid'), { force: true });
  await writeFile(join(data, 'standby.signal'), '');
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', `${uid}:${gid}`, folder]);
  execFileSync('chmod', ['700', data]);
  const port = await freePort();
  const flags = Object.entries({
    ...settings,
    max_connections: '12',
    primary_conninfo: `host=localhost port=${primary.port} user=postgres password='owner secret'`,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(primary.program, ['-D', data, '-p', String(port), ...flags], {
    uid,
    gid,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const isReady = await ready(child);
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGINT')) await ended;
    await rm(folder, { recursive: true, force: true });
  };
  if (!isReady) {
    await stop();
    return null;
  }
  return {
    port,
    stop,
    async untilReplayed() {
      const client = new pg.Client({
        connectionString: primary.url.replace(`:${primary.port}/`, `:${port}/`),
      });
      await client.connect();
      try {
        const asked = 'select pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() as is_replayed';
        while ((await client.query(asked)).rows[0]?.is_replayed !== true) {}
      } finally {
        await client.end();
      }
    },
  };
}

function ready(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      if (String(chunk).includes('ready to accept read-only connections')) resolve(true);
    });
    child.once('error', () => resolve(false));
    child.once('exit', () => resolve(false));
  });
}
