import type { Failure, OwnerContext, StaleSource } from './job.ts';
import { keptExtract } from './kept-extract.ts';
import { recordChecks } from './run-history.ts';

/**
 * What stands in for a source that could not be read, where the config wants that and raw has every table of it; null
 * where the run must end. Nothing stands in for a source whose run was told to stop.
 */
export async function staleInsteadOf(
  source: string,
  failure: Failure,
  { engine, config, report, signal }: Pick<OwnerContext, 'engine' | 'config' | 'report' | 'signal'>,
): Promise<StaleSource | null> {
  const settings = config.sources[source];
  if (settings?.on_source_failure !== 'publish_stale' || signal.aborted) return null;
  const kept = await keptExtract(engine, source, Object.keys(settings.tables));
  if (kept === null) {
    report({
      kind: 'notice',
      message: `${source}: no earlier run has loaded all of its tables, so that nothing can stand in for it`,
    });
    return null;
  }
  const { result, extractedAt: since } = kept;
  report({
    kind: 'notice',
    message: `${source} could not be read (${failure.code}): the run goes on with its rows of ${since}`,
  });
  return { result, since, failure };
}

/** Writes down which sources are stale: for the run, for each of their tables, and as a check of severity warn. */
export async function recordStaleSources({
  engine,
  run,
  config,
  staleSources,
}: Pick<OwnerContext, 'engine' | 'run' | 'config' | 'staleSources'>): Promise<void> {
  for (const [source, { since }] of staleSources) {
    await engine.run(
      'update whalecurve.run_tables set stale_since = cast($1 as timestamp) where run_id = $2 and source = $3',
      [since, run.runId, source],
    );
  }
  const names = [...staleSources.keys()].sort();
  await engine.run('update whalecurve.runs set stale_sources = $1 where run_id = $2', [
    names.length === 0 ? null : names.join(', '),
    run.runId,
  ]);
  const degradable = Object.keys(config.sources)
    .filter((source) => config.sources[source]?.on_source_failure === 'publish_stale')
    .sort();
  const checks = degradable.map((source) => {
    const stale = staleSources.get(source);
    return {
      name: 'source: read in this run',
      subject: source,
      severity: 'warn' as const,
      failures: stale === undefined ? 0 : 1,
      found: stale === undefined ? null : `rows of ${stale.since}; ${stale.failure.code}`,
    };
  });
  if (checks.length > 0) await recordChecks(engine, run, checks);
}
