import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { secondsSince } from '../../command/seconds-since.ts';
import { root } from '../../local/set-up/set-up.mjs';
import type { Load } from './load.ts';
import { sendSteadily } from './send-steadily.ts';

const MAX_SECONDS = 400;
const CALM_SECONDS = 5;
const HALVINGS = 3;

/**
 * Calls `release` while visitors come at a rate that the system serves without a failure before. Resolves with the number of visitors
 * during the release; `load.failed` has the failed requests.
 */
export async function releaseUnderLoad(load: Load, maxRate: number, release: (rate: number) => Promise<void>) {
  const calm = await findCalmRate(load, maxRate);
  const startedAt = performance.now();
  const visits = sendSteadily(calm.rate, calm.rate * MAX_SECONDS, (index) => load.visit(calm.sent + index));
  try {
    await release(calm.rate);
  } finally {
    await visits.stop();
  }
  const sent = await visits.stop();
  const counts = [...load.answers].sort().map(([title, n]) => `${title} × ${n}`);
  console.log(`· ${sent} visits in ${secondsSince(startedAt)}: ${counts.join(', ')}`);
  return sent;
}

/**
 * Halves the rate until no visit fails without a release: a busy machine is not a fault of the release. `sent`: the number of
 * visitors so far. Rejects when an eighth of the rate still fails.
 */
async function findCalmRate(load: Load, maxRate: number): Promise<{ rate: number; sent: number }> {
  let sent = 0;
  let example = '';
  for (let rate = maxRate; rate >= Math.max(1, maxRate / 2 ** HALVINGS); rate = Math.floor(rate / 2)) {
    const visits = sendSteadily(rate, rate * CALM_SECONDS, (index) => load.visit(sent + index));
    await sleep(CALM_SECONDS * 1000);
    sent += await visits.stop();
    const failed = load.failed.splice(0);
    console.log(`· ${rate} visits a second without a release: ${failed.length} failed in ${CALM_SECONDS} s`);
    if (failed.length === 0) return { rate, sent };
    example = failed[0] ?? '';
  }
  throw new Error(`the machine is too busy, for example ${example}`);
}

/** Runs ci/bin/deploy and prints its output. Rejects for another exit code than 0. */
export function deploy(args: string[], env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const child = spawn(path.join(root, 'ci', 'bin', 'deploy'), args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => console.log(`  ${line}`));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`ci/bin/deploy ${args[0]}: exit code ${code}`)),
    );
  });
}
