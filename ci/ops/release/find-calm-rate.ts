import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from './load.ts';
import { sendSteadily } from './send-steadily.ts';

const CALM_SECONDS = 5;
const HALVINGS = 3;

/**
 * The load that is answered without a failure while nothing is released: at most `most` visits a second, halved until none fails.
 * A machine that is too busy is no release's fault. `sent`: visitors who have come by then. Rejects where an eighth is too much.
 */
export async function findCalmRate(
  crowd: Load,
  most: number,
  print: (line: string) => void,
): Promise<{ rate: number; sent: number }> {
  let sent = 0;
  let example = '';
  for (let rate = most; rate >= Math.max(1, most / 2 ** HALVINGS); rate = Math.floor(rate / 2)) {
    const load = sendSteadily(rate, rate * CALM_SECONDS, (index) => crowd.visit(sent + index));
    await sleep(CALM_SECONDS * 1000);
    sent += await load.stop();
    const failed = crowd.failed.splice(0);
    print(`· ${rate} visits a second without a release: ${failed.length} failed in ${CALM_SECONDS} s`);
    if (failed.length === 0) return { rate, sent };
    example = failed[0] ?? '';
  }
  throw new Error(`too busy a machine, such as ${example}`);
}
