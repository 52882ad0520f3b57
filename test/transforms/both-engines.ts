import { configSchema } from '../../config/schema.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { openEngine } from '../../connectors/engines/open-engine.ts';
import { readPrelude } from '../../transforms/prelude/read-prelude.ts';
import { createWarehouseDatabase } from '../servers/postgres.ts';

export const engineKinds = ['duckdb', 'postgres'] as const;
export type EngineKind = Engine['kind'];

/**
 * An empty state: DuckDB in memory, or a database of its own on the server, which sorts by the rules of a language
 * and is gone when it is closed.
 */
export async function openOn(kind: EngineKind): Promise<Engine> {
  if (kind === 'duckdb') {
    const { warehouse } = configSchema.parse({
      warehouse: {
        engine: 'duckdb',
        path: 'unused.duckdb',
        state: ':memory:',
        memory_limit: '1GB',
        threads: 2,
      },
      sources: {},
    });
    return openEngine(warehouse, { prelude: await readPrelude('duckdb') });
  }
  const database = await createWarehouseDatabase();
  const { warehouse } = configSchema.parse({
    warehouse: { engine: 'postgres', url: database.url },
    sources: {},
  });
  const engine = await openEngine(warehouse, { prelude: await readPrelude('postgres') });
  const close = engine.close.bind(engine);
  engine.close = async () => {
    await close();
    await database.drop();
  };
  return engine;
}
