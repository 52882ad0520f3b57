import { WhalecurveError } from '../config/error.ts';
import type { Engine } from '../connectors/engines/engine.ts';

/**
 * Which start of a run may write to the state: its token is greater than that of every one before. Kept in the
 * state, so that a process that slept while its lock was lost finds a greater one when it wakes.
 * M. Kleppmann, "How to do distributed locking" (2016).
 */
export interface Fence {
  token: number;
  /**
   * Throws WC-RUN-001 where a later start has been there. Inside a transaction of engine `postgres`, a later start
   * waits from here on until it has ended.
   */
  assertNewest(): Promise<void>;
}

/** Takes the next token; every earlier one is worth nothing from here on. */
export async function takeToken(engine: Engine, runId: string, where: string): Promise<Fence> {
  const token = await engine.transaction(async () => {
    const [last] = await engine.query(`select token from whalecurve.fence${lockOf(engine)}`);
    const next = Number(last?.token ?? 0) + 1;
    await engine.run('delete from whalecurve.fence');
    await engine.run('insert into whalecurve.fence (token, run_id) values ($1, $2)', [next, runId]);
    return next;
  });
  return {
    token,
    async assertNewest() {
      const [newest] = await engine.query(`select token, run_id from whalecurve.fence${lockOf(engine)}`);
      if (Number(newest?.token) === token) return;
      throw takenOver(where, String(newest?.run_id));
    },
  };
}

/** This process has lost the state. */
export function takenOver(where: string, by?: string): WhalecurveError {
  const who = by === undefined ? 'another run' : `another run (${by})`;
  return new WhalecurveError('WC-RUN-001', `${who} has taken the state over`, {
    where,
    hint: 'this process stood still for too long; nothing was published by it',
  });
}

/** The file of engine `duckdb` belongs to one process, which needs no lock of a row. */
function lockOf({ kind }: Engine): string {
  return kind === 'postgres' ? ' for update' : '';
}
