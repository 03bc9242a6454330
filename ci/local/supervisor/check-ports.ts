import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPortHolder, isListenedOn } from './find-port-holder.ts';

export type PlannedPort = { port: number; what: string; variable: string };

const BORROWED_MAX_MS = 65_000;
const BETWEEN_TRIES_MS = 200;

/** Throws one error that names every port that can't be had, who holds it, and the variable that moves it. */
export async function checkPorts(planned: PlannedPort[]): Promise<void> {
  const problems: string[] = [];
  for (const [index, { port, what, variable }] of planned.entries()) {
    const twin = planned.slice(0, index).find((other) => other.port === port);
    if (twin) {
      problems.push(
        `port ${port} is planned twice, for ${twin.what} and for ${what}: set ${twin.variable} or ${variable}`,
      );
    } else if (!(await canListenSoon(port))) {
      const holder = findPortHolder(port) ?? 'a process that cannot be told from here';
      problems.push(`port ${port} for ${what} is in use by ${holder}: end that, or set ${variable} to another port`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/**
 * The providers' ports lie where the kernel also takes the near ends of outgoing connections. Such a connection is gone soon;
 * only a listener is somebody's.
 */
async function canListenSoon(port: number): Promise<boolean> {
  const untilMs = performance.now() + BORROWED_MAX_MS;
  for (;;) {
    if (await canListen(port)) return true;
    if (isListenedOn(port) || performance.now() > untilMs) return false;
    await sleep(BETWEEN_TRIES_MS);
  }
}

async function canListen(port: number): Promise<boolean> {
  const server = net.createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => resolve(false));
  server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  return promise;
}
