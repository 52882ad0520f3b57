import { z } from 'zod';

export const monitoringSettings = z
  .strictObject({
    port: z
      .int()
      .min(0)
      .max(65535)
      .optional()
      .describe(
        'Where `schedule` and `worker` answer /metrics (Prometheus), /healthz and /readyz; default: nowhere',
      ),
    host: z
      .string()
      .default('127.0.0.1')
      .describe('Address to listen at; 0.0.0.0 for a monitor on another machine'),
    otlp: z
      .string()
      .optional()
      .describe(
        'Collector that takes a span of each run, job and query by OTLP over HTTP: http://localhost:4318/v1/traces; default: none',
      ),
  })
  .prefault({})
  .describe('For the tools that watch services');

export type MonitoringSettings = z.output<typeof monitoringSettings>;
