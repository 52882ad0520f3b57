import { FlowProducer, Queue, type RedisOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { WhalecurveError } from '../config/error.ts';
import { redactText } from '../config/redact.ts';
import type { LoadedConfig, RunnerConfig } from '../config/schema.ts';
import type { Failure, Job, RunStart, WorkerJob } from './job.ts';
import type { RunSummary } from './run-summary.ts';

export type QueueConfig = Extract<RunnerConfig, { type: 'bullmq' }>;

/** Every run of every config shares one queue: any worker takes any job. */
export const queueName = 'jobs';

/** What goes through Redis: where the config lies, never what is in it. */
export type QueuedWork =
  | { kind: 'extract'; configFile: string; configHash: string; run: RunStart; job: WorkerJob }
  | { kind: 'build'; configFile: string; configHash: string; run: RunStart; graph: readonly Job[] };

/** How a build ended: all that its submitter will hear of it. */
export type BuildOutcome = { isOk: true; summary: RunSummary } | { isOk: false; failure: Failure };

/** @throws WC-CONFIG-005 where the config names no Redis */
export function queueConfig(config: LoadedConfig): QueueConfig {
  if (config.runner.type === 'bullmq') return config.runner;
  throw new WhalecurveError('WC-CONFIG-005', 'the runner bullmq needs a Redis', {
    where: `${config.file}: runner`,
    hint: 'add `runner: { type: bullmq, redis: ${REDIS_URL} }`',
  });
}

/** Tries Redis once: BullMQ itself would go on trying for ever. @throws WC-QUEUE-001 */
export async function assertRedisAnswers(config: LoadedConfig): Promise<void> {
  const { redis: url } = queueConfig(config);
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let reason: unknown;
  // ioredis gives the reason to this listener; what `connect` throws only says that it closed.
  redis.on('error', (error) => {
    reason = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const { code, message } = (reason ?? error) as NodeJS.ErrnoException;
    throw new WhalecurveError(
      'WC-QUEUE-001',
      `Redis cannot be reached: ${redactText(message || code || 'no answer', config.secrets)}`,
      {
        where: redactText(url, config.secrets),
        hint: 'start Redis, or use `runner: { type: inline }`',
        cause: reason ?? error,
      },
    );
  } finally {
    redis.disconnect();
  }
}

/** Connection and key prefix of everything that BullMQ opens for this config. */
export function queueOptions(config: LoadedConfig): { connection: RedisOptions; prefix: string } {
  const { redis: url, prefix } = queueConfig(config);
  // null: BullMQ demands that its blocking reads wait out an interruption.
  return { connection: { url, maxRetriesPerRequest: null }, prefix };
}

export function openQueue(config: LoadedConfig): Queue<QueuedWork> {
  return new Queue<QueuedWork>(queueName, {
    ...queueOptions(config),
    streams: { events: { maxLen: 1_000 } },
  });
}

/** A connection for plain keys; an unanswered question fails instead of waiting for ever. */
export function openRedis(config: LoadedConfig): Redis {
  const redis = new Redis(queueConfig(config).redis, { maxRetriesPerRequest: 1 });
  // Without a listener an interruption would end the process; the question that it meets fails by itself.
  redis.on('error', () => {});
  return redis;
}

export function openFlowProducer(config: LoadedConfig): FlowProducer {
  return new FlowProducer(queueOptions(config));
}
