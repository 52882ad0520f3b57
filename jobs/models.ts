import { allSteps } from '../transforms/all-steps.ts';
import { entryTotals } from './entry-totals.ts';
import { throwIfCancelled } from './failure.ts';
import type { JobResult, OwnerContext, TableEntry } from './job.ts';

/** Builds the tables of one stage in one transaction: all of them are of this run, or none is. */
export async function buildModels(stage: string, context: OwnerContext): Promise<JobResult> {
  const { engine, config, clock, signal } = context;
  const startedAt = clock().toISOString();
  const steps = (await allSteps(config)).filter(({ table }) => table.schema === stage);
  const tables: TableEntry[] = [];
  await engine.transaction(async () => {
    for (const step of steps) {
      throwIfCancelled(signal);
      const stepStartedAt = clock().toISOString();
      const rows = await step.build(engine);
      const entry = {
        table: `${step.table.schema}.${step.table.table}`,
        startedAt: stepStartedAt,
        endedAt: clock().toISOString(),
        rowsIn: 0,
        rowsOut: rows,
        bytes: 0,
      };
      tables.push(entry);
      context.report({ kind: 'table_done', job: `models:${stage}`, entry });
    }
  });
  return {
    startedAt,
    endedAt: clock().toISOString(),
    ...entryTotals(tables),
    data: null,
  };
}
