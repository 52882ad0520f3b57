import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './own-postgres.ts';

export interface OwnRedis {
  url: string;
  /** Ends every connection, and takes new ones once it is done; what was written is there again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis that a test may restart, from the installed program. */
export async function startOwnRedis(): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const start = () =>
    spawn(
      'redis-server',
      ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes'],
      {
        stdio: 'ignore',
      },
    );
  let server = start();
  await answering(url);
  return {
    url,
    restart: async () => {
      await ended(server);
      server = start();
      await answering(url);
    },
    stop: async () => {
      await ended(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answering(url: string): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 100 });
  redis.on('error', () => {});
  await redis.ping();
  redis.disconnect();
}

async function ended(server: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await exit;
}
