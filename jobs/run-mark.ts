import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import { databaseName } from '../connectors/engines/open-engine.ts';
import { cancelled, errorFromFailure } from './failure.ts';
import type { Failure, RunStart } from './job.ts';
import { queueConfig } from './queue.ts';

type Marked = Pick<RunStart, 'runId' | 'start'>;

/**
 * Which start of which run goes on for a state, told to the workers through Redis: they may share no folder with the
 * command. A worker that finds another one there, or its own one stopped, stops; a command that was killed leaves the
 * mark behind, so that its workers end the run without it.
 */
export interface RunMark {
  set(run: Marked): Promise<void>;
  /** Whatever start it is at; nothing happens where another run goes on. */
  stop(runId: string, reason: Failure): Promise<void>;
  remove(runId: string): Promise<void>;
  /** Why this start of the run is to stop, or null where it goes on. `isReplaced`: another one goes on. */
  stopOf(run: Marked): Promise<{ reason: WhalecurveError; isReplaced: boolean } | null>;
  /** The run that goes on, as far as its command said. */
  goingOn(): Promise<string | null>;
}

interface Written extends Marked {
  stop?: Failure;
}

export function runMark(client: Redis, config: LoadedConfig): RunMark {
  const state = createHash('sha256').update(databaseName(config.warehouse, 'state')).digest('hex');
  const key = `${queueConfig(config).prefix}:run:${state.slice(0, 16)}`;
  const read = async () => {
    const text = await client.get(key);
    return text === null ? null : (JSON.parse(text) as Written);
  };
  const write = async (mark: Written) => {
    await client.set(key, JSON.stringify(mark));
  };
  return {
    set: ({ runId, start }) => write({ runId, start }),
    stop: async (runId, stop) => {
      const found = await read();
      if (found?.runId === runId) await write({ ...found, stop });
    },
    remove: async (runId) => {
      if ((await read())?.runId === runId) await client.del(key);
    },
    stopOf: async ({ runId, start }) => {
      const found = await read();
      if (found?.runId !== runId || found.start !== start) return { reason: cancelled(), isReplaced: true };
      if (found.stop === undefined) return null;
      return { reason: errorFromFailure(found.stop), isReplaced: false };
    },
    goingOn: async () => (await read())?.runId ?? null,
  };
}
