import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';

/** The server that `npm test` found or brought. */
export function redisServerUrl(): string {
  return process.env.WHALECURVE_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
}

/** A key prefix of its own on that server; `drop` deletes the keys under it and no other. */
export function createRedisPrefix(): { url: string; prefix: string; drop(): Promise<void> } {
  const prefix = `whalecurve-test-${randomBytes(6).toString('hex')}`;
  return {
    url: redisServerUrl(),
    prefix,
    drop: async () => {
      const redis = new Redis(redisServerUrl());
      try {
        for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 500 })) {
          if (keys.length > 0) await redis.del(...(keys as string[]));
        }
      } finally {
        redis.disconnect();
      }
    },
  };
}
