import type { Engine } from '../connectors/engines/engine.ts';
import { openEngine } from '../connectors/engines/open-engine.ts';
import type { EngineOptions, WarehouseConfig } from '../connectors/engines/warehouse-config.ts';
import { readPrelude } from './prelude/read-prelude.ts';

/** Opens an engine that knows the common dialect, for `work` alone. @throws what `openEngine` and `work` throw */
export async function withEngine<T>(
  warehouse: WarehouseConfig,
  options: Omit<EngineOptions, 'prelude'>,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await openEngine(warehouse, {
    ...options,
    prelude: await readPrelude(warehouse.engine),
  });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}
