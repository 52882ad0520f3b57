import { WhalecurveError } from '../config/error.ts';
import type { ErrorCode } from '../config/error-codes.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import { allSteps } from '../transforms/all-steps.ts';
import type { StepSettings } from '../transforms/computed-steps.ts';
import { runDataTests } from '../transforms/data-tests.ts';
import type { JobResult, OwnerContext } from './job.ts';
import { customerChecks, fateChecks } from './reconcile.ts';
import { type Check, recordChecks } from './run-history.ts';

/**
 * The gates before anything is published: every extracted row and its money has one fate, what the entities hold is
 * what the customers add up to, and the data tests of the models hold. Every check is recorded.
 *
 * @throws WC-GATE-001 where totals differ, WC-GATE-002 where a data test of severity error fails
 */
export async function verify(context: OwnerContext): Promise<JobResult> {
  const { engine, config, run, clock } = context;
  const startedAt = clock().toISOString();
  const totals = [...(await fateChecks(engine, run.runId)), ...(await customerChecks(engine))];
  const tests = await dataTestChecks(engine, config);
  await recordChecks(engine, run, [...totals, ...tests]);
  await recordFigures(engine, run.runId);
  refuseFailed('WC-GATE-001', totals);
  refuseFailed('WC-GATE-002', tests);
  return {
    startedAt,
    endedAt: clock().toISOString(),
    rowsIn: totals.length + tests.length,
    rowsOut: 0,
    bytes: 0,
    tables: [],
    data: null,
  };
}

async function dataTestChecks(engine: Engine, settings: StepSettings): Promise<Check[]> {
  const results = await runDataTests(engine, await allSteps(settings));
  return results.map(({ table, test, severity, failures, sample = [] }) => ({
    name: test,
    subject: table,
    severity,
    failures,
    found: sample.length === 0 ? null : sample.join(' '),
  }));
}

/** What the run found, for its row in the history. */
async function recordFigures(engine: Engine, runId: string): Promise<void> {
  await engine.run(
    `update whalecurve.runs set
       accounts = (select count(*) from identity.members),
       customers = (select count(*) from customers.customers),
       money_in = (select coalesce(sum(net_amount_reporting), 0) from entities.purchases),
       money_out = (select coalesce(sum(net_amount_reporting), 0) from customers.purchases)
     where run_id = $1`,
    [runId],
  );
}

function refuseFailed(code: ErrorCode, checks: readonly Check[]): void {
  const failed = checks.filter(({ severity, failures }) => severity === 'error' && failures > 0);
  const [first] = failed;
  if (first === undefined) return;
  const others = failed.length === 1 ? '' : `; ${failed.length - 1} more failed`;
  const { expected = null, found = null, failures } = first;
  const examples = found === null ? '' : `, such as ${found}`;
  const difference =
    expected === null ? `${failures} rows break it${examples}` : `expected ${expected}, found ${found}`;
  throw new WhalecurveError(code, `${first.name}: ${difference}${others}`, {
    where: first.subject,
    hint: 'nothing was published; `whalecurve status` lists every check that failed',
  });
}
