import { get } from 'node:http';
import { waitUntil } from '../../command/wait-until.ts';
import { callSupervisor } from '../../local/supervisor/call-supervisor.ts';
import type { App } from './deploy-options.mjs';

// Who is called before who calls, so that new callers find what they ask for.
export const rollOrder: readonly App[] = ['order-worker', 'provider', 'consumer'];

const NOTICE_WITHIN_MS = 15_000;
const ASK_LIMIT_MS = 2000;

export type RolledSystem = {
  /** Where the system lives, such as .local. */
  dir: string;
  /** nginx. */
  url: string;
  /** host:port of each. */
  consumers: string[];
  app: App | undefined;
  print: (line: string) => void;
};

/**
 * Replaces one process after the other. Goes on only when the new one is ready and its callers use it: otherwise the next one's
 * callers would have nowhere to go. Rejects at the first one that does not become ready; the others still run the old code.
 */
export async function rollSystem({ dir, url, consumers, app, print }: RolledSystem): Promise<void> {
  const { processes } = await callSupervisor(dir, { ask: 'list' });
  const kinds = rollOrder.filter((kind) => app === undefined || kind === app);
  const wanted = kinds.flatMap((kind) => processes.filter((one) => one.kind === kind));
  if (wanted.length === 0) throw new Error(`nothing to roll: there is no ${kinds.join(', ')}`);
  for (const { name, kind } of wanted) {
    const startedAt = performance.now();
    const after = () => seconds(performance.now() - startedAt);
    let took = '';
    let done = wanted.findIndex((one) => one.name === name);
    try {
      const { replacement } = await callSupervisor(dir, { ask: 'replace', name });
      done += 1;
      took = `drained ${seconds(replacement?.stopMs)}, ready ${seconds(replacement?.startMs)}`;
      if (kind === 'consumer') await waitUntilServed(`${url}/health`, 'x-served-by', name);
      // Each consumer has connections of its own.
      if (kind === 'provider')
        await Promise.all(consumers.map((at) => waitUntilServed(`http://${at}/getStockNum`, 'x-provider', name)));
    } catch (cause) {
      const left = wanted.slice(done).filter((one) => one.name !== name);
      const rest = left.length > 0 ? `; not touched, with the old code: ${left.map((one) => one.name).join(', ')}` : '';
      throw new Error(`the roll stops at ${name} after ${after()}${rest}\n${(cause as Error).message}`, { cause });
    }
    print(`· ${name} … replaced (${after()}: ${took})`);
  }
}

const seconds = (ms = 0): string => `${(ms / 1000).toFixed(1)} s`;

/** Until an answer at this address comes from this process. */
function waitUntilServed(url: string, header: string, name: string): Promise<void> {
  const check = async () => {
    const { by, status } = await askOnce(url, header);
    if (by !== name) throw new Error(`the last answer came from ${by ?? `nobody (${status})`}`);
  };
  return waitUntil(`${name} to be used by its callers`, check, { limitMs: NOTICE_WITHIN_MS });
}

/** On a connection of its own, which does not stay: a consumer that is to be replaced next would wait for it. */
function askOnce(url: string, header: string): Promise<{ by: string | undefined; status: number | undefined }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: ASK_LIMIT_MS }, (response) => {
      response.resume();
      const by = response.headers[header];
      resolve({ by: typeof by === 'string' ? by : undefined, status: response.statusCode });
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
  });
}
