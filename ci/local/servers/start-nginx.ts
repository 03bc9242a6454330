import path from 'node:path';
import { waitUntil } from '../../command/wait-until.ts';
import { findProgram } from '../set-up/find-program.mjs';
import type { Supervisor } from '../supervisor/start-supervisor.ts';
import { writeNginxFiles } from './write-nginx-files.ts';

const readyLimitMs = 15_000;
const askLimitMs = 2000;

/** `name`: of the process and its folder, where there are several. */
export type NginxOptions = { name?: string; cachesSoldOut?: boolean; logsOrders?: boolean };

/** Starts nginx in front of the consumers, with everything it writes under the supervisor's folder. Returns its URL. */
export async function startNginx(
  supervisor: Supervisor,
  port: number,
  consumers: string[],
  { name = 'nginx', cachesSoldOut = true, logsOrders = false }: NginxOptions = {},
): Promise<string> {
  const command = findProgram('nginx');
  if (!command) throw new Error('nginx is not installed');
  const dir = path.join(supervisor.dir, name);
  // All load comes from one address here, so its limit is out of the way.
  writeNginxFiles(dir, { port, consumers, addressRate: 1_000_000, addressBurst: 100_000, cachesSoldOut, logsOrders });
  const url = `http://127.0.0.1:${port}`;
  await supervisor.start({
    name,
    kind: 'nginx',
    command,
    args: ['-p', dir, '-c', 'nginx.conf', '-e', 'stderr'],
    logFile: supervisor.logFile(name),
    stopLimitMs: 10_000,
    waitUntilReady: (signal) => waitUntil(`${name} to answer`, () => ask(url), { limitMs: readyLimitMs, signal }),
  });
  return url;
}

/** Any answer will do: whether the consumers behind it are ready, they say themselves. */
async function ask(url: string): Promise<void> {
  const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(askLimitMs) });
  await response.body?.cancel();
}
