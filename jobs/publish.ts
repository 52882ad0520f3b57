import { clean } from './clean.ts';
import { throwIfCancelled } from './failure.ts';
import type { JobResult, OwnerContext } from './job.ts';
import { publishedTables } from './published-tables.ts';
import { recordChecks, secondsBetween } from './run-history.ts';
import { stateTables } from './state-schema.ts';

/**
 * Makes `warehouse` what this run found, at once. Until here nothing that analysts can see has changed; the
 * state still says `running`, so that a run that dies while it publishes is not taken for one that did.
 *
 * @throws WC-RUN-001 when another run has taken the state over
 */
export async function publish(context: OwnerContext): Promise<JobResult> {
  const { engine, run, clock } = context;
  const startedAt = clock().toISOString();
  throwIfCancelled(context.signal);
  await clean(engine, context.config.retention, { now: startedAt, isDry: false });
  await writePublishedRuns(context, startedAt);
  const tables = await publishedTables(context.config);
  await context.assertStillOwner();
  const { rows, notCarriedOver } = await engine.publish(tables);
  if (asksForTiers(context)) await keepTiers(engine);
  for (const { name, reason } of notCarriedOver) {
    context.report({
      kind: 'notice',
      message: `${name} could not be carried over to the new warehouse: ${reason}`,
    });
  }
  await recordChecks(
    engine,
    run,
    notCarriedOver.map(({ name, reason }) => ({
      name: `carried over: ${name}`,
      subject: 'warehouse',
      severity: 'warn',
      failures: 1,
      found: reason,
    })),
  );
  const endedAt = clock().toISOString();
  await engine.run(
    `update whalecurve.runs set status = 'done', ended_at = cast($1 as timestamp), seconds = cast($2 as decimal(12, 3))
     where run_id = $3`,
    [endedAt, secondsBetween(run.startedAt, endedAt), run.runId],
  );
  return {
    startedAt,
    endedAt,
    rowsIn: 0,
    rowsOut: Object.values(rows).reduce((total, count) => total + count, 0),
    bytes: 0,
    tables: [],
    data: { rows, notCarriedOver },
  };
}

function asksForTiers({ config }: OwnerContext): boolean {
  return Object.values(config.tests).some((tests) => tests.some((test) => 'score_shift' in test));
}

/** For the next run to be held against. */
async function keepTiers(engine: OwnerContext['engine']): Promise<void> {
  await engine.transaction(async () => {
    await engine.run('delete from whalecurve.published_tiers');
    await engine.run(
      'insert into whalecurve.published_tiers (customer_id, tier) select customer_id, tier from value.customer_value',
    );
  });
}

/** The runs as they will stand once this one is published: it is then done. */
async function writePublishedRuns({ engine, run }: OwnerContext, endedAt: string): Promise<void> {
  const isThisRun = `run_id = '${run.runId}'`;
  const columns = Object.keys(stateTables.runs.columns).map((name) => {
    if (name === 'status') return `case when ${isThisRun} then 'done' else status end as status`;
    if (name === 'ended_at') {
      return `case when ${isThisRun} then cast('${endedAt}' as timestamp) else ended_at end as ended_at`;
    }
    if (name === 'seconds') {
      const seconds = secondsBetween(run.startedAt, endedAt);
      return `case when ${isThisRun} then cast(${seconds} as decimal(12, 3)) else seconds end as seconds`;
    }
    return name;
  });
  await engine.buildTable(
    { schema: 'whalecurve', table: 'published_runs' },
    `select ${columns.join(', ')} from whalecurve.runs`,
  );
}
