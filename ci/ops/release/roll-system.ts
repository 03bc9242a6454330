import { get } from 'node:http';
import { formatSeconds, secondsSince } from '../../command/seconds-since.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { callSupervisor } from '../../local/supervisor/call-supervisor.ts';
import type { App } from './deploy-options.mjs';

/** Called processes before their callers, so that new callers find the API they need. */
export const rollOrder: readonly App[] = ['order-worker', 'provider', 'consumer'];

const SERVED_WITHIN_MS = 15_000;
const ASK_LIMIT_MS = 2000;

export type RollOptions = {
  /** The folder of the system, such as .local. */
  dir: string;
  /** URL of nginx. */
  url: string;
  /** host:port of each consumer. */
  consumers: string[];
  app: App | undefined;
  print: (line: string) => void;
};

/**
 * Replaces one process after the other. Continues only when the new process is ready and its callers use it. Rejects at the first
 * process that does not become ready; the remaining processes keep running the old code.
 */
export async function rollSystem({ dir, url, consumers, app, print }: RollOptions): Promise<void> {
  const { processes } = await callSupervisor(dir, { ask: 'list' });
  const kinds = rollOrder.filter((kind) => app === undefined || kind === app);
  const wanted = kinds.flatMap((kind) => processes.filter((process) => process.kind === kind));
  if (wanted.length === 0) throw new Error(`no process of kind ${kinds.join(', ')} is running`);
  for (const [index, { name, kind }] of wanted.entries()) {
    const startedAt = performance.now();
    try {
      const { replacement } = await callSupervisor(dir, { ask: 'replace', name });
      if (kind === 'consumer') await waitUntilServed(`${url}/health`, 'x-served-by', name);
      // Each consumer has its own connections.
      if (kind === 'provider')
        await Promise.all(consumers.map((at) => waitUntilServed(`http://${at}/getStockNum`, 'x-provider', name)));
      const times = `drained ${formatSeconds(replacement?.stopMs)}, ready ${formatSeconds(replacement?.startMs)}`;
      print(`· ${name} … replaced (${secondsSince(startedAt)}: ${times})`);
    } catch (cause) {
      const left = wanted.slice(index + 1).map((process) => process.name);
      const rest = left.length > 0 ? `; still running the old code: ${left.join(', ')}` : '';
      const message = `release stopped at ${name} after ${secondsSince(startedAt)}${rest}\n${(cause as Error).message}`;
      throw new Error(message, { cause });
    }
  }
}

/** Waits until this process answers at a URL. */
function waitUntilServed(url: string, header: string, name: string): Promise<void> {
  const check = async () => {
    const { by, status } = await request(url, header);
    if (by !== name) throw new Error(`the last answer was ${status} from ${by ?? 'an unnamed process'}`);
  };
  return waitUntil(`${name} to be used by its callers`, check, { limitMs: SERVED_WITHIN_MS });
}

/** On a new connection that is not kept: a consumer that is replaced next would wait for its end. */
function request(url: string, header: string): Promise<{ by: string | undefined; status: number | undefined }> {
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
