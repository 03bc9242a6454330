import path from 'node:path';
import { waitUntil } from '../../command/wait-until.ts';
import { findProgram } from '../set-up/find-program.mjs';
import type { Supervisor } from '../supervisor/start-supervisor.ts';
import { writeNginxFiles } from './write-nginx-files.ts';

const READY_LIMIT_MS = 15_000;
const ASK_LIMIT_MS = 2000;

/** Fewer than a warm system on two cores decides in one second: docs/performance.md, "Throughput". */
const ORDERS_IN_FLIGHT = 4096;

/** `name`: of the process and its folder. */
export type NginxOptions = { name?: string; cachesSoldOut?: boolean; logsOrders?: boolean };

/** Starts nginx in front of the consumers, with its files in the supervisor's folder. Returns its URL. */
export async function startNginx(
  supervisor: Supervisor,
  port: number,
  consumers: string[],
  { name = 'nginx', cachesSoldOut = true, logsOrders = false }: NginxOptions = {},
): Promise<string> {
  const command = findProgram('nginx');
  if (!command) throw new Error('nginx is not installed');
  const dir = path.join(supervisor.dir, name);
  // All requests come from one address here, so its limit is high.
  const limits = { addressRate: 1_000_000, addressBurst: 100_000, ordersInFlight: ORDERS_IN_FLIGHT };
  writeNginxFiles(dir, { port, consumers, ...limits, cachesSoldOut, logsOrders });
  const url = `http://127.0.0.1:${port}`;
  await supervisor.start({
    name,
    kind: 'nginx',
    command,
    args: ['-p', dir, '-c', 'nginx.conf', '-e', 'stderr'],
    logFile: supervisor.logFile(name),
    stopLimitMs: 10_000,
    waitUntilReady: (signal) => waitUntil(`${name} to answer`, () => ask(url), { limitMs: READY_LIMIT_MS, signal }),
  });
  return url;
}

/** Any answer counts: the consumers report themselves whether they are ready. */
async function ask(url: string): Promise<void> {
  const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(ASK_LIMIT_MS) });
  await response.body?.cancel();
}
