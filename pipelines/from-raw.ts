import type { Job } from '../jobs/job.ts';
import type { Pipeline } from './pipeline.ts';

/** The stages of SQL models, in order: each reads only what stands before it. */
const stages = ['identity', 'customers', 'value'] as const;

/**
 * The jobs that make the warehouse out of what schema raw holds: conform, the stages one after the other, the gates, and
 * only then publish. `loads` are the jobs that fill raw before; settings come first, so that a wrong one is found at once.
 */
export function fromRaw(loads: readonly Job[]): Job[] {
  const models = stages.map(
    (stage, index): Job => ({
      id: `models:${stage}`,
      kind: 'models',
      lane: 'owner',
      needs: [index === 0 ? 'conform' : `models:${stages[index - 1]}`],
      payload: { stage },
    }),
  );
  const alone = (kind: 'settings' | 'conform' | 'verify' | 'publish', needs: string[]): Job => ({
    id: kind,
    kind,
    lane: 'owner',
    needs,
    payload: {},
  });
  return [
    alone('settings', []),
    ...loads,
    alone('conform', ['settings', ...loads.map(({ id }) => id)]),
    ...models,
    alone('verify', [`models:${stages.at(-1)}`]),
    alone('publish', ['verify']),
  ];
}

/** Makes the warehouse anew out of the rows that were loaded before: no source is asked. `name` stands in the history. */
export function rebuildPipeline(name: string): Pipeline {
  return { name, jobs: async () => fromRaw([]) };
}
