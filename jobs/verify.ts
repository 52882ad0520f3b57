import { WhalecurveError } from '../config/error.ts';
import type { ErrorCode } from '../config/error-codes.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import { allSteps } from '../transforms/all-steps.ts';
import type { StepSettings } from '../transforms/computed-steps.ts';
import { runDataTests } from '../transforms/data-tests.ts';
import { declaredTests } from './gates/declared-tests.ts';
import { judgeTests } from './gates/judge-tests.ts';
import type { JobResult, OwnerContext } from './job.ts';
import { recordAccepted } from './quarantine.ts';
import { customerChecks, fateChecks } from './reconcile.ts';
import { type Check, holds, recordChecks } from './run-history.ts';
import { recordSourceLag } from './source-lag.ts';

/**
 * The gates before anything is published: every extracted row and its money has one fate, what the entities hold is
 * what the customers add up to, and the data tests of the models and of the config hold. Every check is recorded.
 *
 * @throws WC-GATE-001 where totals differ, WC-GATE-002 where a data test of severity error fails, WC-GATE-003 where
 *   the night differs from those before by more than the config allows
 */
export async function verify(context: OwnerContext): Promise<JobResult> {
  const { engine, config, run, clock } = context;
  const startedAt = clock().toISOString();
  const totals = [...(await fateChecks(engine, run.runId)), ...(await customerChecks(engine))];
  const declared = await judgeTests(engine, await declaredTests(config), run.runId);
  const tests = [
    ...(await dataTestChecks(engine, config)),
    ...declared.filter((check) => !isMeasured(check)),
  ];
  const measured = declared.filter(isMeasured);
  await recordChecks(engine, run, [...totals, ...tests, ...measured]);
  await recordFigures(engine, run.runId);
  await recordSourceLag(engine, run, config);
  await recordAccepted(engine, run.runId);
  refuseFailed('WC-GATE-001', totals);
  refuseFailed('WC-GATE-002', tests);
  refuseFailed('WC-GATE-003', measured);
  return {
    startedAt,
    endedAt: clock().toISOString(),
    rowsIn: totals.length + tests.length + measured.length,
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

/** Held against a limit or the nights before, and not row by row. */
function isMeasured({ measure }: Check): boolean {
  return measure !== undefined;
}

function refuseFailed(code: ErrorCode, checks: readonly Check[]): void {
  const failed = checks.filter((check) => check.severity === 'error' && !holds(check));
  const [first] = failed;
  if (first === undefined) return;
  const others = failed.length === 1 ? '' : `; ${failed.length - 1} more failed`;
  const { expected = null, found = null, failures } = first;
  const examples = found === null ? '' : `, such as ${found}`;
  const difference =
    expected === null ? `${failures} rows break it${examples}` : `expected ${expected}, found ${found}`;
  throw new WhalecurveError(code, `${first.name}: ${difference}${others}`, {
    where: first.subject,
    hint: hintFor(first),
  });
}

/** The subject of a control total may be the table of a source, which cannot be asked here. */
function hintFor({ name, subject }: Check): string {
  const isControl = /^(fates|control_totals)/.test(name);
  const look = isControl
    ? ''
    : `; look at what this run built: \`whalecurve query --candidate "select * from ${subject}"\``;
  return `nothing was published; \`whalecurve status\` lists every check that failed${look}`;
}
