import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Progress, Report } from '../job.ts';
import type { Ending } from '../notify/notice.ts';

/** What Prometheus reads of this process. Names of sources and tables, counts and times; nothing of a customer. */
export interface Metrics {
  registry: Registry;
  /** Takes the progress of a run, or of a job of one. */
  observe(pipeline: string): Report;
  ended(ending: Ending): void;
}

export function makeMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name: `whalecurve_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name: `whalecurve_${name}`, help, labelNames, registers });

  const runs = counter('runs_total', 'Runs that ended, by how', ['pipeline', 'status']);
  const running = gauge('run_in_progress', '1 while a run goes on', ['pipeline']);
  const lastEnd = gauge('run_last_end_timestamp_seconds', 'When the last run ended', ['pipeline', 'status']);
  const lastSeconds = gauge('run_last_seconds', 'How long the last run took', ['pipeline']);
  const customers = gauge('customers', 'Customers that the last run found', ['pipeline']);
  const refused = gauge('quarantined_rows', 'Rows in quarantine after the last run', ['source', 'table']);
  const failedChecks = gauge('failed_checks', 'Checks that failed in the last run', ['severity']);
  const rows = counter('source_rows_total', 'Rows read from sources', ['source', 'table']);
  const bytes = counter('source_bytes_total', 'Bytes read from sources', ['source', 'table']);
  const jobs = counter('jobs_total', 'Jobs that ended, by how', ['kind', 'status']);
  const jobSeconds = new Histogram({
    name: 'whalecurve_job_seconds',
    help: 'How long jobs took',
    labelNames: ['kind'],
    buckets: [0.1, 1, 10, 60, 300, 1_800, 7_200],
    registers,
  });

  const observe = (pipeline: string) => (event: Progress) => {
    if (event.kind === 'run_started') running.set({ pipeline }, 1);
    if (event.kind === 'table_done' && event.job.startsWith('extract:')) {
      const labels = { source: event.job.slice('extract:'.length), table: event.entry.table };
      rows.inc(labels, event.entry.rowsIn);
      bytes.inc(labels, event.entry.bytes);
    }
    if (event.kind === 'job_done') {
      const kind = kindOf(event.job);
      jobs.inc({ kind, status: 'done' });
      jobSeconds.observe({ kind }, secondsBetween(event.result));
    }
    if (event.kind === 'job_failed') jobs.inc({ kind: kindOf(event.job), status: 'failed' });
  };

  const ended = (ending: Ending) => {
    const { pipeline } = ending;
    const status = ending.isOk ? 'done' : 'failed';
    running.set({ pipeline }, 0);
    runs.inc({ pipeline, status });
    lastEnd.set({ pipeline, status }, Date.parse(ending.endedAt) / 1000);
    lastSeconds.set({ pipeline }, secondsBetween(ending));
    if (!ending.isOk) return;
    const { summary } = ending;
    if (summary.customers !== null) customers.set({ pipeline }, summary.customers);
    refused.reset();
    for (const { source, table, rows: fates } of summary.tables)
      refused.set({ source, table }, fates.quarantined);
    for (const severity of ['error', 'warn'])
      failedChecks.set(
        { severity },
        summary.checks.failed.filter((check) => check.severity === severity).length,
      );
  };
  return { registry, observe, ended };
}

/** `extract` of `extract:finance`. */
function kindOf(job: string): string {
  return job.split(':', 1)[0] ?? job;
}

function secondsBetween({ startedAt, endedAt }: { startedAt: string; endedAt: string }): number {
  return (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
}
