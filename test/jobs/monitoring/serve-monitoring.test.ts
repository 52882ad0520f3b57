import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Metrics, makeMetrics } from '../../../jobs/monitoring/metrics.ts';
import { type MonitoringServer, serveMonitoring } from '../../../jobs/monitoring/serve-monitoring.ts';
import type { RunSummary } from '../../../jobs/run-summary.ts';

const host = '127.0.0.1';
const times = { startedAt: '2026-03-01T02:00:00.000Z', endedAt: '2026-03-01T02:00:30.000Z' };
let metrics: Metrics;
let server: MonitoringServer;
let isReady: boolean;
beforeEach(async () => {
  isReady = false;
  metrics = makeMetrics();
  const served = await serveMonitoring({ port: 0, host }, metrics, () => isReady);
  if (served === null) throw new Error('a port was given');
  server = served;
});
afterEach(() => server.close());

async function ask(path: string): Promise<[number, string]> {
  const response = await fetch(`http://${host}:${server.port}${path}`);
  return [response.status, await response.text()];
}

/** The lines of `/metrics` that are about Whalecurve, without its comments. */
async function lines(): Promise<string[]> {
  const [, text] = await ask('/metrics');
  return text.split('\n').filter((line) => line.startsWith('whalecurve_'));
}

describe('whoever watches a scheduler or a worker', () => {
  it('is told that it lives, and that it is ready only once it is', async () => {
    expect(await ask('/healthz')).toEqual([200, 'ok\n']);
    expect(await ask('/readyz')).toEqual([503, 'not yet\n']);
    isReady = true;
    expect(await ask('/readyz')).toEqual([200, 'ready\n']);
    expect((await ask('/'))[0]).toBe(404);
  });

  it('sees a run that goes on: its rows, its bytes and its jobs', async () => {
    const report = metrics.observe('nightly');
    const entry = { table: 'billing.payments', ...times, rowsIn: 70, rowsOut: 70, bytes: 900 };
    report({ kind: 'run_started', runId: 'r_1', asOf: '2026-02-28', jobs: [] });
    report({ kind: 'table_done', job: 'extract:finance', entry });
    const result = { ...times, rowsIn: 70, rowsOut: 70, bytes: 900, tables: [entry], data: null };
    report({ kind: 'job_done', job: 'extract:finance', result });
    report({ kind: 'job_failed', job: 'conform', failure: { code: 'WC-MAP-001', message: 'no' } });
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'whalecurve_run_in_progress{pipeline="nightly"} 1',
        'whalecurve_source_rows_total{source="finance",table="billing.payments"} 70',
        'whalecurve_source_bytes_total{source="finance",table="billing.payments"} 900',
        'whalecurve_jobs_total{kind="extract",status="done"} 1',
        'whalecurve_jobs_total{kind="conform",status="failed"} 1',
        'whalecurve_job_seconds_sum{kind="extract"} 30',
      ]),
    );
  });

  it('sees how the last run ended: when, how long, how many customers, rows refused and checks failed', async () => {
    const check = {
      name: 'unique',
      subject: 'x',
      severity: 'warn',
      failures: 3,
      expected: null,
      found: null,
    };
    const table = { source: 'service', table: 'tickets.csv', rows: { quarantined: 6 } };
    const summary = { customers: 12, tables: [table], checks: { passed: 9, failed: [check] } };
    const run = { pipeline: 'nightly', run: 'r_1', ...times };
    metrics.ended({ ...run, isOk: true, summary: summary as unknown as RunSummary });
    metrics.ended({ ...run, isOk: false, failure: { code: 'WC-GATE-001', message: 'no' } });
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'whalecurve_run_in_progress{pipeline="nightly"} 0',
        'whalecurve_runs_total{pipeline="nightly",status="done"} 1',
        'whalecurve_runs_total{pipeline="nightly",status="failed"} 1',
        `whalecurve_run_last_end_timestamp_seconds{pipeline="nightly",status="done"} ${Date.parse(times.endedAt) / 1000}`,
        'whalecurve_run_last_seconds{pipeline="nightly"} 30',
        'whalecurve_customers{pipeline="nightly"} 12',
        'whalecurve_quarantined_rows{source="service",table="tickets.csv"} 6',
        'whalecurve_failed_checks{severity="warn"} 1',
        'whalecurve_failed_checks{severity="error"} 0',
      ]),
    );
  });
});

describe('the port', () => {
  it('that another process has is refused with WC-MONITOR-001', async () => {
    await expect(serveMonitoring({ port: server.port, host }, metrics, () => true)).rejects.toMatchObject({
      code: 'WC-MONITOR-001',
      where: `${host}:${server.port}`,
    });
  });

  it('is not taken where the config names none', async () => {
    expect(await serveMonitoring({ host }, metrics, () => true)).toBeNull();
  });
});
