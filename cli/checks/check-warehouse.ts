import type { LoadedConfig } from '../../config/schema.ts';
import { examineWarehouse } from '../../connectors/engines/open-engine.ts';
import type { Verdict } from './verdict.ts';

/** That a run could write where the config says; nothing is made by looking. */
export async function* checkWarehouse({ warehouse }: LoadedConfig): AsyncGenerator<Verdict> {
  for await (const { isOk, ...verdict } of examineWarehouse(warehouse)) {
    yield { ...verdict, group: `warehouse (${warehouse.engine})`, level: isOk ? 'ok' : 'failed' };
  }
}
