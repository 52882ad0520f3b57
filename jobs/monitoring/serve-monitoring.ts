import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WhalecurveError } from '../../config/error.ts';
import type { MonitoringSettings } from '../../config/monitoring-settings.ts';
import { type Metrics, makeMetrics } from './metrics.ts';

export interface MonitoringServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Answers `/metrics` in the form of Prometheus, `/healthz` while the process lives, and `/readyz` with 503 until
 * `isReady`; null where the config names no port.
 *
 * @throws WC-MONITOR-001 when the port cannot be taken
 */
export async function serveMonitoring(
  { port, host }: MonitoringSettings,
  metrics: Metrics,
  isReady: () => boolean,
): Promise<MonitoringServer | null> {
  if (port === undefined) return null;
  const server = createServer(async ({ url }, response) => {
    const path = (url ?? '/').split('?', 1)[0];
    if (path === '/metrics') {
      answer(response, 200, await metrics.registry.metrics(), metrics.registry.contentType);
    } else if (path === '/healthz') answer(response, 200, 'ok\n');
    else if (path === '/readyz') answer(response, isReady() ? 200 : 503, isReady() ? 'ready\n' : 'not yet\n');
    else answer(response, 404, 'there are /metrics, /healthz and /readyz\n');
  });
  await listening(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Metrics of this process with the server that tells them; null where the config names no port: nothing is measured. */
export async function startMonitoring(
  settings: MonitoringSettings,
  isReady: () => boolean,
): Promise<{ metrics: Metrics; close(): Promise<void> } | null> {
  if (settings.port === undefined) return null;
  const metrics = makeMetrics();
  const server = await serveMonitoring(settings, metrics, isReady);
  return { metrics, close: async () => server?.close() };
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type }).end(text);
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((ready, refuse) => {
    server.once('error', (error) =>
      refuse(
        new WhalecurveError(
          'WC-MONITOR-001',
          `the port of \`monitoring\` cannot be taken: ${error.message}`,
          {
            where: `${host}:${port}`,
            hint: 'give each scheduler and worker on one machine a port of its own, or none',
          },
        ),
      ),
    );
    server.listen(port, host, ready);
  });
}
