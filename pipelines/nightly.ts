import type { LoadedConfig } from '../config/schema.ts';
import type { FileForms } from '../jobs/file-forms.ts';
import type { Job } from '../jobs/job.ts';

/** The stages of SQL models, in order: each reads only what stands before it. */
const stages = ['identity', 'customers', 'value'] as const;

/**
 * The graph of a night: every source is extracted and loaded on its own, then the stages follow one another,
 * the gates judge, and only then something is published.
 */
export function nightly(config: Pick<LoadedConfig, 'sources'>, fileForms: FileForms = {}): Job[] {
  const sources = Object.keys(config.sources).sort();
  const extracts = sources.map(
    (source): Job => ({
      id: `extract:${source}`,
      kind: 'extract',
      lane: 'worker',
      needs: [],
      payload: { source, ...(fileForms[source] && { knownForms: fileForms[source] }) },
    }),
  );
  const loads = sources.map(
    (source): Job => ({
      id: `load:${source}`,
      kind: 'load',
      lane: 'owner',
      needs: [`extract:${source}`],
      payload: { source },
    }),
  );
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
    ...extracts,
    alone('settings', []),
    ...loads,
    alone('conform', ['settings', ...loads.map(({ id }) => id)]),
    ...models,
    alone('verify', [`models:${stages.at(-1)}`]),
    alone('publish', ['verify']),
  ];
}
