import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { secondsSince } from '../../command/seconds-since.ts';
import { runCommand } from '../../local/set-up/run-command.mjs';
import { root } from '../../local/set-up/set-up.mjs';
import type { DeployOptions } from './deploy-options.mjs';
import { rollOrder } from './roll-system.ts';

const HEALTHY_WITHIN_MS = 90_000;
const POLL_MS = 500;
// nginx resolves the addresses of the consumers every second, and excludes a failed one for a second.
const NOTICE_MS = 3000;
// Processes drain and close within 10 s.
const STOP_SECONDS = 15;
const SHOWN_LOG_LINES = 8;

type Options = DeployOptions & { print: (line: string) => void };

/**
 * Starts a container of the new image beside each old one, waits until it is healthy and its callers find it, then stops the old one.
 * If a new container does not become healthy, it is removed and the release stops.
 */
export async function rollCompose({ app, build, print }: Options): Promise<void> {
  const running = (await compose('ps', '--services', '--status', 'running')).split('\n').filter(Boolean);
  const services = rollOrder.filter((service) => app === undefined || service === app);
  const missing = services.filter((service) => !running.includes(service));
  if (missing.length > 0)
    throw new Error(`not running: ${missing.join(', ')}. Start the system with docker compose up --wait`);
  if (build) {
    const output = await runCommand(path.join(root, 'ci', 'bin', 'build'), []);
    print(output.trim().split('\n').at(-1) ?? '');
  }
  // In a container: the host reaches only nginx.
  const checked = await compose('run', '--rm', '--no-deps', '-T', 'prepare', 'ci/ops/release/check-migrations.ts');
  for (const line of checked.split('\n').filter((text) => text.startsWith('·'))) print(line);
  await compose('run', '--rm', '--no-deps', '-T', 'prepare');
  print('· database and topics … ready');
  for (const service of services) await rollService(service, print);
}

async function rollService(service: string, print: (line: string) => void): Promise<void> {
  const old = await containersOf(service);
  for (const [index, container] of old.entries()) {
    const startedAt = performance.now();
    const before = await containersOf(service);
    const scale = `${service}=${before.length + 1}`;
    await compose('up', '--detach', '--no-deps', '--no-recreate', '--scale', scale, service);
    const fresh = (await containersOf(service)).find((id) => !before.includes(id));
    if (fresh === undefined) throw new Error(`${service}: docker compose created no new container`);
    try {
      await waitUntilHealthy(fresh);
    } catch (cause) {
      const log = await runCommand('docker', ['logs', '--tail', String(SHOWN_LOG_LINES), fresh]).catch(() => '');
      await remove(fresh);
      const left = `${old.length - index} of ${old.length} containers still run the old image`;
      const message = `release stopped at ${service}: ${(cause as Error).message}; ${left}\n${log.trimEnd()}`;
      throw new Error(message, { cause });
    }
    await sleep(NOTICE_MS);
    await remove(container);
    const ids = `${container.slice(0, 12)} by ${fresh.slice(0, 12)}`;
    print(`· ${service} ${index + 1} of ${old.length} … replaced (${ids}, ${secondsSince(startedAt)})`);
  }
}

async function remove(container: string): Promise<void> {
  await runCommand('docker', ['stop', '--time', String(STOP_SECONDS), container]);
  await runCommand('docker', ['rm', container]);
}

async function waitUntilHealthy(container: string): Promise<void> {
  const untilMs = performance.now() + HEALTHY_WITHIN_MS;
  const format = '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}healthy{{end}}';
  for (;;) {
    const state = (await runCommand('docker', ['inspect', '--format', format, container])).trim();
    if (state === 'running healthy') return;
    const isOver = /^(exited|dead|restarting)|unhealthy$/.test(state);
    if (isOver) throw new Error(`${container.slice(0, 12)} is ${state}`);
    if (performance.now() > untilMs)
      throw new Error(`${container.slice(0, 12)} was not healthy within ${HEALTHY_WITHIN_MS / 1000} s: it is ${state}`);
    await sleep(POLL_MS);
  }
}

async function containersOf(service: string): Promise<string[]> {
  const ids = await compose('ps', '--quiet', service);
  return ids.split('\n').filter((line) => /^[0-9a-f]{12,}$/.test(line));
}

function compose(...args: string[]): Promise<string> {
  return runCommand('docker', ['compose', ...args], { cwd: root });
}
