import type { Engine } from '../connectors/engines/engine.ts';
import { throwIfCancelled } from './failure.ts';

export interface Attendance {
  signal: AbortSignal;
  /** At the end of each transaction, inside it: throws where its work may not be committed. */
  beforeCommit(): Promise<void>;
}

/** What still works once the run was told to stop. */
const always: ReadonlySet<PropertyKey> = new Set<keyof Engine>(['interrupt', 'close']);

/**
 * The engine as a job has it: no statement begins after the run was told to stop, so that interrupting the one that is
 * at work is enough; and no transaction commits without the word of `beforeCommit`.
 */
export function attendedEngine(engine: Engine, { signal, beforeCommit }: Attendance): Engine {
  const transaction: Engine['transaction'] = async (work) => {
    throwIfCancelled(signal);
    return engine.transaction(async () => {
      const result = await work();
      await beforeCommit();
      return result;
    });
  };
  // The file of engine `duckdb` belongs to this process alone, and its publish is no transaction of the state.
  const publish: Engine['publish'] = async (...parameters) =>
    engine.kind === 'postgres'
      ? transaction(() => engine.publish(...parameters))
      : engine.publish(...parameters);
  return new Proxy(engine, {
    get(target, name) {
      if (name === 'transaction') return transaction;
      if (name === 'publish') return publish;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]) => {
        if (!always.has(name)) throwIfCancelled(signal);
        return member.apply(target, parameters);
      };
    },
  });
}
