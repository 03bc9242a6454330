import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { waitUntil } from '../../command/wait-until.ts';
import { findFreePorts } from '../ports/find-free-ports.ts';
import { findProgram } from '../set-up/find-program.mjs';
import type { Supervisor } from '../supervisor/start-supervisor.ts';

export type Prometheus = {
  /** The text of the answer to a GET or, with `form`, a POST. Rejects if Prometheus refuses the request. */
  ask(address: string, form?: URLSearchParams): Promise<string>;
};

const READY_LIMIT_MS = 60_000;
const ASK_LIMIT_MS = 5000;
const EVERY_SECOND = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };

/** Starts a Prometheus with this configuration that scrapes once a second. Undefined: it is not installed. */
export async function startPrometheus(supervisor: Supervisor, config: object): Promise<Prometheus | undefined> {
  const command = findProgram('prometheus');
  if (!command) return undefined;
  const dir = path.join(supervisor.dir, 'prometheus');
  mkdirSync(dir, { recursive: true });
  const [port = 0] = await findFreePorts(1);
  const configFile = path.join(dir, 'prometheus.yml');
  writeFileSync(configFile, stringify({ global: EVERY_SECOND, ...config }));
  const ask = async (address: string, form?: URLSearchParams) => {
    const request = { signal: AbortSignal.timeout(ASK_LIMIT_MS), ...(form && { method: 'POST', body: form }) };
    const response = await fetch(`http://127.0.0.1:${port}${address}`, request);
    const text = await response.text();
    if (!response.ok) throw new Error(`Prometheus answered ${response.status}: ${text}`);
    return text;
  };
  await supervisor.start({
    name: 'prometheus',
    kind: 'prometheus',
    command,
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${path.join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    logFile: supervisor.logFile('prometheus'),
    stopLimitMs: 10_000,
    async waitUntilReady(signal) {
      await waitUntil('Prometheus to be ready', () => ask('/-/ready'), { limitMs: READY_LIMIT_MS, signal });
    },
  });
  return { ask };
}
