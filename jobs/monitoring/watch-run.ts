import type { MonitoringSettings } from '../../config/monitoring-settings.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import type { Report } from '../job.ts';
import type { Ending } from '../notify/notice.ts';
import type { Metrics } from './metrics.ts';

/** Whoever watches a run from outside: metrics of the process, a collector of traces. */
export interface RunWatch {
  observe: Report;
  /** The engine, as the run is to use it. */
  engine(engine: Engine): Engine;
  ended(ending: Ending): void;
  close(): Promise<void>;
}

/** The packages of OpenTelemetry are loaded only where a collector is named. */
export async function watchRun(
  { otlp }: MonitoringSettings,
  pipeline: string,
  metrics: Metrics | undefined,
): Promise<RunWatch> {
  const traces = otlp === undefined ? undefined : (await import('./traces.ts')).startTraces(otlp, pipeline);
  const measure = metrics?.observe(pipeline);
  return {
    observe: (event) => {
      measure?.(event);
      traces?.observe(event);
    },
    engine: (engine) => traces?.engine(engine) ?? engine,
    ended: (ending) => {
      metrics?.ended(ending);
      traces?.ended(ending);
    },
    close: async () => traces?.close(),
  };
}
