import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { packageVersion } from '../../config/package-version.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { tracedEngine } from '../../connectors/engines/traced-engine.ts';
import type { Progress, Report } from '../job.ts';
import type { Ending } from '../notify/notice.ts';

/**
 * Spans of a run, its jobs and its queries, sent to a collector. They hold names of jobs and tables, counts, and SQL
 * without its parameters; nothing of a customer.
 */
export interface Traces {
  /** Takes the progress of the run. */
  observe: Report;
  /** The engine, which from now on tells of every statement as a part of the job that goes on. */
  engine(engine: Engine): Engine;
  ended(ending: Ending): void;
  /** Sends what is not sent yet. A collector that does not answer ends nothing. */
  close(): Promise<void>;
}

export function startTraces(url: string, pipeline: string): Traces {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'whalecurve',
      'service.version': packageVersion(),
    }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url, timeoutMillis: 5_000 }))],
  });
  const tracer = provider.getTracer('whalecurve');
  const run = tracer.startSpan(`run ${pipeline}`, { attributes: { 'whalecurve.pipeline': pipeline } });
  const inRun = trace.setSpan(ROOT_CONTEXT, run);
  const jobs = new Map<string, Span>();
  return {
    observe: (event) => observe(event, { tracer, run, inRun, jobs }),
    engine: (engine) => tracedEngine(engine, tracer, () => lastOf(jobs, inRun)),
    ended: (ending) => {
      for (const span of jobs.values()) span.end();
      if (ending.isOk) run.setStatus({ code: SpanStatusCode.OK });
      else fail(run, ending.failure);
      run.end();
    },
    close: () => provider.shutdown().catch(() => undefined),
  };
}

interface Open {
  tracer: Tracer;
  run: Span;
  inRun: Context;
  jobs: Map<string, Span>;
}

function observe(event: Progress, { tracer, run, inRun, jobs }: Open): void {
  if (event.kind === 'run_started')
    run.setAttributes({ 'whalecurve.run': event.runId, 'whalecurve.as_of': event.asOf });
  if (event.kind === 'job_started') jobs.set(event.job, tracer.startSpan(event.job, {}, inRun));
  if (event.kind !== 'job_done' && event.kind !== 'job_failed') return;
  const span = jobs.get(event.job);
  if (span === undefined) return;
  jobs.delete(event.job);
  if (event.kind === 'job_failed') fail(span, event.failure);
  else {
    const { rowsIn, rowsOut, bytes } = event.result;
    span.setAttributes({
      'whalecurve.rows_in': rowsIn,
      'whalecurve.rows_out': rowsOut,
      'whalecurve.bytes': bytes,
    });
  }
  span.end();
}

function fail(span: Span, { code, message }: { code: string; message: string }): void {
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** Statements of the engine belong to the job of lane `owner`, of which one goes on at a time. */
function lastOf(jobs: ReadonlyMap<string, Span>, inRun: Context): Context {
  const owners = [...jobs].filter(([job]) => !job.startsWith('extract:'));
  const [, span] = owners.at(-1) ?? [];
  return span === undefined ? inRun : trace.setSpan(ROOT_CONTEXT, span);
}
