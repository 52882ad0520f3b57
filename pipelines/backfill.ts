import { readKnownTables } from '../jobs/known-tables.ts';
import type { Backfill } from '../jobs/read-plan.ts';
import { fromRaw } from './from-raw.ts';
import type { Pipeline } from './pipeline.ts';

/**
 * Reads one table of one source again, as a whole or between two values of its cursor, and makes the warehouse anew; no
 * cursor moves. What differs is written, and the other tables stay as they were loaded.
 */
export function backfillPipeline(source: string, backfill: Backfill): Pipeline {
  return {
    name: 'backfill',
    jobs: async (config) => {
      const { [source]: known } = await readKnownTables(config);
      const extract = {
        id: `extract:${source}`,
        kind: 'extract' as const,
        lane: 'worker' as const,
        needs: [],
        payload: { source, backfill, ...(known && { known }) },
      };
      const load = {
        id: `load:${source}`,
        kind: 'load' as const,
        lane: 'owner' as const,
        needs: [extract.id],
        payload: { source },
      };
      return [extract, ...fromRaw([load])];
    },
  };
}
