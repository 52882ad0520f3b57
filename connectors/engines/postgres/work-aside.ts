import type { Engine } from '../engine.ts';
import type { EngineOptions, PostgresWarehouse } from '../warehouse-config.ts';
import { openPostgres } from './postgres-engine.ts';

/** Thrown to roll back what was done well. */
class Done extends Error {}

/** Works on the state in one transaction that is rolled back; who asks the state meanwhile waits. */
export async function workAside<T>(
  warehouse: PostgresWarehouse,
  options: EngineOptions,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await openPostgres(warehouse, options);
  let result: { of: T } | undefined;
  try {
    const transaction = engine.transaction.bind(engine);
    await transaction(async () => {
      result = { of: await work(Object.assign(engine, { transaction: nested(engine) })) };
      throw new Done();
    });
  } catch (error) {
    if (!(error instanceof Done)) throw error;
  } finally {
    await engine.close();
  }
  if (result === undefined) throw new TypeError('the work gave nothing');
  return result.of;
}

/** A transaction inside the one that is open: a savepoint, which takes the name of the one around it over. */
function nested(engine: Engine): Engine['transaction'] {
  return async (work) => {
    await engine.run('savepoint aside');
    try {
      const result = await work();
      await engine.run('release savepoint aside');
      return result;
    } catch (error) {
      await engine.run('rollback to savepoint aside; release savepoint aside').catch(() => undefined);
      throw error;
    }
  };
}
