import { createHash } from 'node:crypto';
import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import { databaseName } from '../connectors/engines/open-engine.ts';
import { withEngine } from '../transforms/with-engine.ts';

/** Longer than any two schedulers' clocks differ, and than a run that a time may have waited for. */
const keptSeconds = 7 * 24 * 60 * 60;

/**
 * Takes one time of one schedule; false where another scheduler has it. Told through the Redis of the runner `bullmq`;
 * without one there is nobody to ask, and the lock of the run lets one in.
 *
 * @throws WC-QUEUE-001 where Redis does not answer
 */
export async function takeSlot(config: LoadedConfig, schedule: string, at: Date): Promise<boolean> {
  if (config.runner.type !== 'bullmq') return true;
  const { assertRedisAnswers, openRedis, queueConfig } = await import('./queue.ts');
  await assertRedisAnswers(config);
  const redis = openRedis(config);
  try {
    const state = createHash('sha256').update(databaseName(config.warehouse, 'state')).digest('hex');
    const key = `${queueConfig(config).prefix}:slot:${state.slice(0, 16)}:${schedule}:${at.toISOString()}`;
    return (await redis.set(key, '1', 'EX', keptSeconds, 'NX')) === 'OK';
  } finally {
    redis.disconnect();
  }
}

/** When the newest run of the pipeline was started; null where there is none, or the state cannot be asked now. */
export async function lastStartOf(config: LoadedConfig, pipeline: string): Promise<Date | null> {
  try {
    return await withEngine(config.warehouse, { isReadOnly: true }, async (engine) => {
      const [newest] = await engine.query<{ at: string | null }>(
        'select max(started_at) as at from whalecurve.runs where pipeline = $1',
        [pipeline],
      );
      return newest?.at ? new Date(newest.at) : null;
    });
  } catch (error) {
    // Before the first run there is no state; while a run has it, nothing is missed.
    if (error instanceof WhalecurveError && /^(WC-RUN-003|WC-ENGINE-001)$/.test(error.code)) return null;
    throw error;
  }
}
