import type { GateTest } from '../../config/gate-settings.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteName } from '../../connectors/engines/quote.ts';
import type { Check } from '../run-history.ts';

type Measured = Required<Pick<Check, 'failures' | 'expected' | 'found' | 'measure'>>;
type SettingsOf<Name extends string> =
  Extract<GateTest, Record<Name, unknown>> extends Record<Name, infer Found> ? Found : never;

/** How many days the newest value lies before the last day of the run, both in the reporting time zone. */
export async function judgeFreshness(
  engine: Engine,
  path: string,
  { column, max_days: maxDays }: SettingsOf<'freshness'>,
): Promise<Measured> {
  const name = quoteName(column);
  const [described] = await engine.describe(`select ${name} from ${path}`);
  const isDate = described?.type.toLowerCase() === 'date';
  const newest = isDate ? `max(${name})` : `local_date(max(cast(${name} as timestamp)), max(run.timezone))`;
  const [found] = await engine.query(
    `select newest, days_between(newest, as_of) as days
     from (select ${newest} as newest, max(run.as_of) as as_of from ${path} cross join settings.run as run) as measured`,
  );
  const expected = `at most ${maxDays} days`;
  if (found?.newest === null || found === undefined) {
    return { failures: 1, expected, found: 'no value at all', measure: null };
  }
  const days = Number(found.days);
  return {
    failures: days > maxDays ? 1 : 0,
    expected,
    found: `${days} days (${found.newest})`,
    measure: String(days),
  };
}

/** The rows beside the median of what the last runs that published had. The first run has nothing to be held against. */
export async function judgeVolume(
  engine: Engine,
  { path, subject, runId }: { path: string; subject: string; runId: string },
  { max_change: maxChange, runs, min_rows: minRows }: SettingsOf<'volume'>,
): Promise<Measured> {
  const [counted] = await engine.query(`select count(*) as row_count from ${path}`);
  const rows = Number(counted?.row_count);
  const before = await engine.query(
    `select past.run_id, max(past.measure) as row_count
     from whalecurve.checks as past
     inner join whalecurve.runs as run on run.run_id = past.run_id
     where past.subject = $1 and past.check_name like 'volume:%' and run.status = 'done' and past.run_id <> $2
     group by past.run_id, run.started_at
     order by run.started_at desc nulls last, past.run_id desc nulls last limit ${runs}`,
    [subject, runId],
  );
  const usual = median(before.map((run) => Number(run.row_count)));
  const measured = { found: `${rows} rows`, measure: String(rows) };
  if (rows < minRows) return { failures: 1, expected: `at least ${minRows} rows`, ...measured };
  if (usual === null) return { failures: 0, expected: 'nothing to compare with yet', ...measured };
  const [least, most] = [Math.ceil(usual * (1 - maxChange)), Math.floor(usual * (1 + maxChange))];
  const expected = `${Math.max(least, 0)} to ${most} rows (median of ${before.length} runs: ${usual})`;
  return { failures: rows < least || rows > most ? 1 : 0, expected, ...measured };
}

/** Of the customers that were there when a run last published, the share whose tier is another now. */
export async function judgeScoreShift(
  engine: Engine,
  { max_share: maxShare }: SettingsOf<'score_shift'>,
): Promise<Measured> {
  const [counted] = await engine.query(
    `select count(*) as customers, count(case when now.tier <> published.tier then 1 end) as moved
     from whalecurve.published_tiers as published
     inner join value.customer_value as now on now.customer_id = published.customer_id`,
  );
  const customers = Number(counted?.customers);
  if (customers === 0) {
    return {
      failures: 0,
      expected: 'nothing to compare with yet',
      found: 'no customer of before',
      measure: null,
    };
  }
  const moved = Number(counted?.moved);
  return {
    failures: moved > maxShare * customers ? 1 : 0,
    expected: `at most ${Math.floor(maxShare * customers)} of ${customers} customers`,
    found: `${moved} in another tier`,
    measure: (moved / customers).toFixed(4),
  };
}

/** Of an even number the lower of the two in the middle: a count that there was. */
function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
