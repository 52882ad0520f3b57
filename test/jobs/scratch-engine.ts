import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../connectors/engines/engine.ts';
import { openEngine } from '../../connectors/engines/open-engine.ts';
import { readPrelude } from '../../transforms/prelude/read-prelude.ts';

export interface ScratchEngine {
  engine: Engine;
  folder: string;
  remove(): Promise<void>;
}

/** An empty state in a folder of its own. */
export async function openScratchEngine(): Promise<ScratchEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-state-'));
  const engine = await openEngine(
    {
      engine: 'duckdb',
      path: join(folder, 'warehouse.duckdb'),
      state: join(folder, 'state.duckdb'),
      memory_limit: '1GB',
    },
    { prelude: await readPrelude('duckdb') },
  );
  return {
    engine,
    folder,
    remove: async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
