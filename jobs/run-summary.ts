import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { Engine, Row } from '../connectors/engines/engine.ts';
import { databaseName } from '../connectors/engines/open-engine.ts';
import type { Failure } from './job.ts';
import { type AboveLimit, aboveLimit } from './quarantine-limit.ts';
import type { Fate } from './run-history.ts';
import { fates } from './state-schema.ts';

/** What a run did, as `run`, `status` and the demo print it. Money is exact decimal text. */
export interface RunSummary {
  runId: string;
  pipeline: string;
  status: 'running' | 'done' | 'failed';
  asOf: string;
  startedAt: string;
  endedAt: string | null;
  seconds: number | null;
  currency: string;
  /** Accounts of all sources, also those that only events name, and the customers that they are. */
  accounts: number | null;
  customers: number | null;
  /** Revenue before identity and after it: what came in for customers, and what customer values add up to. */
  moneyIn: string | null;
  moneyOut: string | null;
  tables: readonly TableSummary[];
  checks: { passed: number; failed: readonly FailedCheck[] };
  /** Tables of which more was quarantined than the config allows. */
  aboveQuarantineLimit: readonly AboveLimit[];
  /** Sources that could not be read in this run; their rows are those of an earlier one. */
  staleSources: readonly { source: string; since: string }[];
  failure: Failure | null;
  warehouse: string;
}

export interface TableSummary {
  source: string;
  table: string;
  entity: string | null;
  rows: Record<Fate, number>;
  money: Record<Fate, string | null>;
  /** Of the quarantined rows, those that somebody accepted as refused. */
  acceptedRows: number;
  bytes: number;
  seconds: number;
  /** When the rows were read, ISO 8601 in UTC, where the source could not be read in this run. */
  staleSince: string | null;
}

export interface FailedCheck {
  name: string;
  subject: string;
  severity: string;
  failures: number;
  expected: string | null;
  found: string | null;
}

/** 0 done, 1 failed, 3 done but more rows were quarantined than the limit allows, or a source is stale. */
export function exitCode(summary: RunSummary): 0 | 1 | 3 {
  if (summary.status !== 'done') return 1;
  return summary.aboveQuarantineLimit.length > 0 || summary.staleSources.length > 0 ? 3 : 0;
}

/** The newest runs first. @throws WC-RUN-003 where there is none. */
export async function readRunSummaries(
  engine: Engine,
  config: LoadedConfig,
  { limit, schema }: { limit: number; schema: 'whalecurve' | 'warehouse' },
): Promise<RunSummary[]> {
  const runs = await engine.query(
    `select run_id from ${schema}.runs order by started_at desc nulls last, run_id desc limit ${Math.trunc(limit)}`,
  );
  if (runs.length === 0) throw noRun(config);
  return Promise.all(runs.map((run) => readRunSummary(engine, String(run.run_id), config, schema)));
}

/** When the newest run that published ended, in ISO 8601; null where none has. */
export async function lastPublishedAt(
  engine: Engine,
  schema: 'whalecurve' | 'warehouse',
): Promise<string | null> {
  const [run] = await engine.query(`select max(ended_at) as at from ${schema}.runs where status = 'done'`);
  return text(run?.at);
}

export function noRun(config: LoadedConfig): WhalecurveError {
  return new WhalecurveError('WC-RUN-003', 'there is no run yet', {
    where: databaseName(config.warehouse, 'state'),
    hint: 'start one with `whalecurve run`',
  });
}

/** One run as the history has it. @throws WC-RUN-003 for a run that the history does not know */
export async function readRunSummary(
  engine: Engine,
  runId: string,
  config: LoadedConfig,
  schema: 'whalecurve' | 'warehouse' = 'whalecurve',
): Promise<RunSummary> {
  const [run] = await engine.query(`select ${runColumns} from ${schema}.runs where run_id = $1`, [runId]);
  if (run === undefined) throw noRun(config);
  const tables = await engine.query(
    // Not by name: a state or warehouse of an earlier version lacks some until its next run.
    `select * from ${schema}.run_tables where run_id = $1
     order by source nulls last, source_table nulls last`,
    [runId],
  );
  const checks = await engine.query(
    `select check_name, subject, severity, failures, expected, found from ${schema}.checks
     where run_id = $1 and not is_ok order by severity nulls last, subject nulls last, check_name nulls last`,
    [runId],
  );
  const [passed] = await engine.query(
    `select count(*) as passed from ${schema}.checks where run_id = $1 and is_ok`,
    [runId],
  );
  const summaries = tables.map(tableSummary);
  return {
    runId,
    pipeline: String(run.pipeline),
    status: run.status as RunSummary['status'],
    asOf: String(run.as_of),
    startedAt: String(run.started_at),
    endedAt: text(run.ended_at),
    seconds: numberOrNull(run.seconds),
    currency: config.reporting.currency,
    accounts: numberOrNull(run.accounts),
    customers: numberOrNull(run.customers),
    moneyIn: text(run.money_in),
    moneyOut: text(run.money_out),
    tables: summaries,
    checks: { passed: Number(passed?.passed ?? 0), failed: checks.map(failedCheck) },
    aboveQuarantineLimit: summaries.flatMap(({ source, table, rows, acceptedRows: accepted }) => {
      const { extracted, quarantined } = rows;
      return aboveLimit({ source, table, extracted, quarantined, accepted }, config) ?? [];
    }),
    staleSources: staleSourcesOf(summaries),
    failure:
      run.error_code === null || run.error_code === undefined
        ? null
        : { code: String(run.error_code), message: text(run.error_message) ?? '' },
    warehouse: databaseName(config.warehouse, 'warehouse'),
  };
}

const allFates = ['extracted', ...fates] as const;

const runColumns =
  'pipeline, status, as_of, started_at, ended_at, seconds, accounts, customers, money_in, money_out, error_code, error_message';

function tableSummary(row: Row): TableSummary {
  const byFate = <T>(value: (fate: Fate) => T) =>
    Object.fromEntries(allFates.map((fate) => [fate, value(fate)])) as Record<Fate, T>;
  return {
    source: String(row.source),
    table: String(row.source_table),
    entity: text(row.entity),
    rows: byFate((fate) => Number(row[`${fate}_rows`] ?? 0)),
    money: byFate((fate) => text(row[`${fate}_money`])),
    acceptedRows: Number(row.accepted_rows ?? 0),
    bytes: Number(row.bytes),
    seconds: Number(row.seconds),
    staleSince: text(row.stale_since),
  };
}

function staleSourcesOf(tables: readonly TableSummary[]): RunSummary['staleSources'] {
  const since = new Map(
    tables.flatMap(({ source, staleSince }) => (staleSince === null ? [] : [[source, staleSince] as const])),
  );
  return [...since].map(([source, since]) => ({ source, since }));
}

function failedCheck(row: Row): FailedCheck {
  return {
    name: String(row.check_name),
    subject: String(row.subject),
    severity: String(row.severity),
    failures: Number(row.failures),
    expected: text(row.expected),
    found: text(row.found),
  };
}

function text(cell: Row[string] | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}

function numberOrNull(cell: Row[string] | undefined): number | null {
  return cell === null || cell === undefined ? null : Number(cell);
}
