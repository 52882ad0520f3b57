import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { LoadedConfig } from '../config/schema.ts';
import { databaseName } from '../connectors/engines/open-engine.ts';
import { queueConfig } from './queue.ts';

/**
 * Which run goes on for a state, told to the workers through Redis: they may share no folder with the command.
 * A worker that finds another run there, or its own one cancelled, stops; a command that was killed leaves the mark
 * behind, so that its workers end the run without it.
 */
export interface RunMark {
  set(runId: string): Promise<void>;
  cancel(runId: string): Promise<void>;
  remove(runId: string): Promise<void>;
  isGoingOn(runId: string): Promise<boolean>;
}

export function runMark(client: Redis, config: LoadedConfig): RunMark {
  const state = createHash('sha256').update(databaseName(config.warehouse, 'state')).digest('hex');
  const key = `${queueConfig(config).prefix}:run:${state.slice(0, 16)}`;
  return {
    set: async (runId) => {
      await client.set(key, runId);
    },
    cancel: async (runId) => {
      if ((await client.get(key)) === runId) await client.set(key, `cancelled ${runId}`);
    },
    remove: async (runId) => {
      const found = await client.get(key);
      if (found === runId || found === `cancelled ${runId}`) await client.del(key);
    },
    isGoingOn: async (runId) => (await client.get(key)) === runId,
  };
}
