import { setTimeout as sleep } from 'node:timers/promises';
import { canListen } from './find-free-ports.ts';
import { findPortHolder, isListenedOn } from './find-port-holder.ts';

export type PlannedPort = { port: number; what: string; variable: string };

/** Ports above 1023 that browsers and fetch refuse: https://fetch.spec.whatwg.org/#port-blocking */
const BLOCKED = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);
const BORROWED_MAX_MS = 65_000;
const BETWEEN_TRIES_MS = 200;

/** Throws one error that names every unavailable port, the process that holds it, and the setting that changes it. */
export async function checkPorts(planned: PlannedPort[]): Promise<void> {
  const problems: string[] = [];
  for (const [index, { port, what, variable }] of planned.entries()) {
    const twin = planned.slice(0, index).find((other) => other.port === port);
    if (twin) {
      problems.push(
        `port ${port} is planned twice, for ${twin.what} and for ${what}: set ${twin.variable} or ${variable}`,
      );
    } else if (BLOCKED.has(port)) {
      problems.push(`port ${port} for ${what} is blocked by browsers: set ${variable} to another port`);
    } else if (!(await canListenSoon(port))) {
      const holder = findPortHolder(port) ?? 'an unknown process';
      problems.push(
        `port ${port} for ${what} is in use by ${holder}: end that process, or set ${variable} to another port`,
      );
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/**
 * The ports of the providers lie in the range that the kernel also uses for outgoing connections. Such a connection ends soon;
 * only a listening process keeps the port.
 */
async function canListenSoon(port: number): Promise<boolean> {
  const untilMs = performance.now() + BORROWED_MAX_MS;
  for (;;) {
    if (await canListen(port)) return true;
    if (isListenedOn(port) || performance.now() > untilMs) return false;
    await sleep(BETWEEN_TRIES_MS);
  }
}
