import { Redis } from 'ioredis';
import type { RunnerConfig } from '../../config/schema.ts';
import type { Verdict } from './verdict.ts';

const line = { group: 'surroundings', subject: 'redis' };

/** That Redis answers, where the runner needs it. */
export async function* checkRedis(runner: RunnerConfig): AsyncGenerator<Verdict> {
  if (runner.type !== 'bullmq') return;
  const redis = new Redis(runner.redis, {
    lazyConnect: true,
    connectTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Without a listener a refused connection is also thrown as an event; the promise below tells it.
  redis.on('error', () => {});
  try {
    await redis.connect();
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'of unknown version';
    yield { ...line, level: 'ok', message: `Redis ${version} answers, keys begin with ${runner.prefix}:` };
  } catch (error) {
    yield {
      ...line,
      level: 'failed',
      code: 'WC-QUEUE-001',
      message: `Redis cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'check `runner.redis`; `runner: { type: inline }` needs no Redis',
    };
  } finally {
    redis.disconnect();
  }
}
