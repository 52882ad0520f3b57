import { WhalecurveError } from '../../config/error.ts';
import type { GateTest } from '../../config/gate-settings.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteName } from '../../connectors/engines/quote.ts';
import { testSql } from '../../transforms/data-tests.ts';
import type { Check } from '../run-history.ts';
import type { DeclaredTest } from './declared-tests.ts';
import { judgeFreshness, judgeScoreShift, judgeVolume } from './measured-tests.ts';

/** Judges each declared test by the tables that the run `runId` has built. */
export async function judgeTests(
  engine: Engine,
  declared: readonly DeclaredTest[],
  runId: string,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const one of declared) {
    const { subject, test } = one;
    const { severity } = test;
    try {
      checks.push({ subject, severity, ...(await judge(engine, one, runId)) });
    } catch (error) {
      // Such as a cast that one of the values does not take: the test does not hold, whatever the rows are.
      if (!(error instanceof WhalecurveError) || error.code !== 'WC-ENGINE-002') throw error;
      checks.push({
        subject,
        severity,
        name: nameOf(test),
        failures: 1,
        expected: 'an answer',
        found: error.message,
      });
    }
  }
  return checks;
}

type Verdict = Omit<Check, 'subject' | 'severity'>;

async function judge(
  engine: Engine,
  { subject, table, key, test }: DeclaredTest,
  runId: string,
): Promise<Verdict> {
  const path = `${quoteName(table.schema)}.${quoteName(table.table)}`;
  const name = nameOf(test);
  if ('freshness' in test) return { name, ...(await judgeFreshness(engine, path, test.freshness)) };
  if ('volume' in test) {
    return { name, ...(await judgeVolume(engine, { path, subject, runId }, test.volume)) };
  }
  if ('score_shift' in test) return { name, ...(await judgeScoreShift(engine, test.score_shift)) };
  return judgeRows(engine, path, key, test);
}

type RowTest = Extract<GateTest, { max_failures: number }>;

async function judgeRows(
  engine: Engine,
  path: string,
  key: readonly string[],
  test: RowTest,
): Promise<Verdict> {
  const { failing } = testSql(test, path, key);
  const [broken] = await engine.query(`select count(*) as failures from (${failing}) as failing`);
  const failures = Number(broken?.failures);
  const name = nameOf(test);
  if (failures === 0) return { name, failures };
  const [all] = test.max_share === 0 ? [] : await engine.query(`select count(*) as row_count from ${path}`);
  const allowed = Math.max(test.max_failures, Math.floor(test.max_share * Number(all?.row_count ?? 0)));
  const order = key.map((column) => `${quoteName(column)} nulls last`).join(', ');
  const sample = await engine.query(`select * from (${failing}) as failing order by ${order} limit 5`);
  const found = sample.map((row) => JSON.stringify(row)).join(' ');
  return { name, failures, isOk: failures <= allowed, found };
}

/** Two tests of one kind with other limits have other names. */
function nameOf(test: GateTest): string {
  if ('freshness' in test)
    return `freshness(${test.freshness.column}): at most ${test.freshness.max_days} days`;
  if ('volume' in test) {
    const { max_change: maxChange, runs } = test.volume;
    return `volume: within ${percent(maxChange)} of the last ${runs} runs`;
  }
  if ('score_shift' in test) return `score_shift: at most ${percent(test.score_shift.max_share)}`;
  const { label } = testSql(test, '', []);
  const limits = [
    ...(test.max_failures > 0 ? [`${test.max_failures} rows`] : []),
    ...(test.max_share > 0 ? [percent(test.max_share)] : []),
  ];
  return limits.length === 0 ? label : `${label}, up to ${limits.join(' or ')}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
