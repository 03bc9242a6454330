import { once } from 'node:events';
import { createServer } from 'node:http';
import { realClock, withDeadline } from '../process/clock.ts';
import type { Metrics } from './metrics.ts';

/** Checks by dependency. `false`, a rejection or no answer in time means not ready. */
export type Checks = Record<string, () => boolean | Promise<boolean>>;

export type MetricsServerOptions = {
  /** 0: no server. */
  port: number;
  host: string;
  metrics: Metrics;
  /** Dependencies without which the process cannot serve. */
  needed: Checks;
  /** Optional dependencies: reported, but the process stays ready without them. */
  shown: Checks;
  /** What /readyz says besides. */
  described?: Record<string, () => unknown>;
};

const CHECK_MS = 3000;

export type MetricsServer = { port: number; close(): Promise<void> };

/**
 * Serves /metrics for Prometheus, /livez (200 while the process runs) and /readyz (200 if every needed check succeeds, otherwise 503; the body
 * has the result of each check, and what is described).
 */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { port, host, metrics, needed, shown, described = {} } = options;
  metrics.watch('flashsale_clock_seconds', () => Date.now() / 1000);
  if (port === 0) return { port, close: async () => undefined };

  async function answer(path: string): Promise<{ status: number; type: string; body: string }> {
    const json = (status: number, body: unknown) => ({ status, type: 'application/json', body: JSON.stringify(body) });
    switch (path) {
      case '/metrics':
        return { status: 200, type: metrics.contentType, body: await metrics.text() };
      case '/livez':
        return json(200, { ok: true });
      case '/readyz': {
        const [checks, others] = await Promise.all([runChecks(needed), runChecks(shown)]);
        const ok = Object.values(checks).every(Boolean);
        const details = Object.entries(described).map(([name, describe]) => [name, describe()]);
        return json(ok ? 200 : 503, { ok, checks, others, ...Object.fromEntries(details) });
      }
      default:
        return json(404, { ok: false });
    }
  }

  const server = createServer((request, response) => {
    answer(request.url?.split('?')[0] ?? '').then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  server.keepAliveTimeout = 1000;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function runChecks(checks: Checks): Promise<Record<string, boolean>> {
  const entries = Object.entries(checks).map(async ([name, check]) => {
    try {
      return [name, await withDeadline(realClock, CHECK_MS, name, Promise.resolve(check()))] as const;
    } catch {
      return [name, false] as const;
    }
  });
  return Object.fromEntries(await Promise.all(entries));
}
