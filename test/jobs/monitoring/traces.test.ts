import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTraces } from '../../../jobs/monitoring/traces.ts';
import { openScratchEngine, type ScratchEngine } from '../scratch-engine.ts';

interface SentSpan {
  name: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code?: number };
}

/** A collector that takes OTLP over HTTP. */
let collector: { url: string; spans: SentSpan[]; server: Server };
let scratch: ScratchEngine;
const times = { startedAt: '2026-03-01T02:00:00.000Z', endedAt: '2026-03-01T02:00:30.000Z' };

beforeEach(async () => {
  scratch = await openScratchEngine();
  const spans: SentSpan[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString('utf8'));
    for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  collector = { url, spans, server };
});
afterEach(async () => {
  collector.server.closeAllConnections();
  await new Promise((closed) => collector.server.close(closed));
  await scratch.remove();
});

function sent(name: string): SentSpan {
  const span = collector.spans.find((candidate) => candidate.name === name);
  if (span === undefined) throw new Error(`no span ${name} among ${collector.spans.map((one) => one.name)}`);
  return span;
}

function attributeOf(span: SentSpan, key: string): unknown {
  return Object.values(span.attributes.find((attribute) => attribute.key === key)?.value ?? {})[0];
}

describe('a collector of traces', () => {
  it('gets the run, below it its jobs, and below these their queries, without a literal', async () => {
    const traces = startTraces(collector.url, 'nightly');
    const engine = traces.engine(scratch.engine);
    traces.observe({ kind: 'run_started', runId: 'r_1', asOf: '2026-02-28', jobs: [] });
    traces.observe({ kind: 'job_started', job: 'extract:finance' });
    traces.observe({ kind: 'job_started', job: 'conform' });
    await engine.run('create schema value');
    const select = `select 'ann@example.com' as email`;
    expect(await engine.buildTable({ schema: 'value', table: 'mails' }, select)).toBe(1);
    const result = { ...times, rowsIn: 7, rowsOut: 6, bytes: 0, tables: [], data: null };
    traces.observe({ kind: 'job_done', job: 'conform', result });
    const failure = { code: 'WC-SOURCE-001', message: 'connection refused' };
    traces.observe({ kind: 'job_failed', job: 'extract:finance', failure });
    traces.ended({ pipeline: 'nightly', run: 'r_1', ...times, isOk: false, failure });
    await traces.close();

    const run = sent('run nightly');
    const job = sent('conform');
    const query = sent('build value.mails');
    expect(run.parentSpanId).toBeUndefined();
    expect(job.parentSpanId).toBe(run.spanId);
    expect(query.parentSpanId).toBe(job.spanId);
    expect(attributeOf(run, 'whalecurve.run')).toBe('r_1');
    expect(Number(attributeOf(job, 'whalecurve.rows_out'))).toBe(6);
    expect(attributeOf(query, 'db.query.text')).toBe('select ? as email');
    expect(attributeOf(sent('extract:finance'), 'error.type')).toBe('WC-SOURCE-001');
    expect([run.status.code, job.status.code]).toEqual([2, 0]);
    expect(JSON.stringify(collector.spans)).not.toContain('ann@example.com');
  });

  it('that does not answer ends nothing', async () => {
    const traces = startTraces('http://127.0.0.1:9/v1/traces', 'nightly');
    const failure = { code: 'WC-GATE-001', message: 'no' };
    traces.ended({ pipeline: 'nightly', run: 'r_1', ...times, isOk: false, failure });
    await traces.close();
  });
});
