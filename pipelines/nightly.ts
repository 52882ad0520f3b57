import type { LoadedConfig } from '../config/schema.ts';
import { type FileForms, readFileForms } from '../jobs/file-forms.ts';
import type { Job } from '../jobs/job.ts';
import { type KnownTables, readKnownTables } from '../jobs/known-tables.ts';
import { fromRaw } from './from-raw.ts';
import type { Pipeline } from './pipeline.ts';

export const nightlyPipeline: Pipeline = {
  name: 'nightly',
  jobs: async (config) => nightly(config, await readFileForms(config), await readKnownTables(config)),
};

/**
 * The graph of a night: every source is extracted and loaded on its own, then the stages follow one another,
 * the gates judge, and only then something is published.
 */
export function nightly(
  config: Pick<LoadedConfig, 'sources'>,
  fileForms: FileForms = {},
  known: KnownTables = {},
): Job[] {
  const sources = Object.keys(config.sources).sort();
  const extracts = sources.map(
    (source): Job => ({
      id: `extract:${source}`,
      kind: 'extract',
      lane: 'worker',
      needs: [],
      payload: {
        source,
        ...(fileForms[source] && { knownForms: fileForms[source] }),
        ...(known[source] && { known: known[source] }),
      },
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
  return [...extracts, ...fromRaw(loads)];
}
