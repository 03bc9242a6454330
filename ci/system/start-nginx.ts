import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../set-up/find-program.mjs';
import { root } from '../set-up/set-up.mjs';
import type { Supervisor } from './open-supervisor.ts';
import { renderTemplate } from './render-template.ts';
import { waitUntil } from './wait-until.ts';

const readyLimitMs = 15_000;
const askLimitMs = 2000;

/** Starts nginx in front of the consumers, with everything it writes under the supervisor's folder. Returns its URL. */
export async function startNginx(supervisor: Supervisor, port: number, consumers: string[]): Promise<string> {
  const command = findProgram('nginx');
  if (!command) throw new Error('nginx is not installed');
  const dir = path.join(supervisor.dir, 'nginx');
  for (const folder of ['', 'temp']) mkdirSync(path.join(dir, folder), { recursive: true });
  const values = {
    // As root the workers would become `nobody`, who may not write to our folder.
    NGINX_USER: process.getuid?.() === 0 ? 'user root;' : '',
    NGINX_LISTEN: `127.0.0.1:${port}`,
    CONSUMER_SERVERS: consumers.map((address) => `server ${address} max_fails=2 fail_timeout=1s;`).join('\n  '),
  };
  for (const name of ['nginx.conf', 'upstream.conf', 'flash-sale.conf']) {
    const source = name === 'flash-sale.conf' ? name : `local-${name}`;
    const template = readFileSync(path.join(root, 'nginx', `${source}.template`), 'utf8');
    writeFileSync(path.join(dir, name), renderTemplate(template, values));
  }
  const url = `http://127.0.0.1:${port}`;
  await supervisor.start({
    name: 'nginx',
    kind: 'nginx',
    command,
    args: ['-p', dir, '-c', 'nginx.conf', '-e', 'stderr'],
    logFile: supervisor.logFile('nginx'),
    stopLimitMs: 10_000,
    waitUntilReady: (signal) => waitUntil('nginx to answer', () => ask(url), { limitMs: readyLimitMs, signal }),
  });
  return url;
}

/** Any answer will do: whether the consumers behind it are ready, they say themselves. */
async function ask(url: string): Promise<void> {
  const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(askLimitMs) });
  await response.body?.cancel();
}
