import { once } from 'node:events';
import { createServer } from 'node:http';

/** A dependency's state; a rejection or `false` is "not ready". */
export type Checks = Record<string, () => boolean | Promise<boolean>>;

/**
 * GET /livez: the process runs. GET /readyz: 200 when every check holds, else 503; the body names each check.
 * Port 0 serves nothing.
 */
export async function serveHealth(port: number, host: string, checks: Checks): Promise<{ close(): Promise<void> }> {
  if (port === 0) return { close: async () => undefined };
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0];
    const known = path === '/livez' || path === '/readyz';
    const results = path === '/readyz' ? await runChecks(checks) : {};
    const ready = Object.values(results).every(Boolean);
    response.writeHead(!known ? 404 : ready ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ? { ok: ready, checks: results } : { ok: false }));
  });
  server.keepAliveTimeout = 1000;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function runChecks(checks: Checks): Promise<Record<string, boolean>> {
  const entries = Object.entries(checks).map(async ([name, check]) => {
    try {
      return [name, await check()] as const;
    } catch {
      return [name, false] as const;
    }
  });
  return Object.fromEntries(await Promise.all(entries));
}
