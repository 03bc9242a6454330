import { solveAdmission } from '../buyers/solve-admission.ts';
import type { Bots } from './create-bots.ts';
import type { ModeContext } from './mode-context.ts';

/**
 * Bots solve the challenges of their identities, one after the other, until the CPU time of each attacker is used. Identities without an
 * admission do not come. `untilMs`: the time of Date.now() at which all must be done.
 */
export async function admitBots(context: ModeContext, sid: number, bots: Bots[], untilMs: number): Promise<void> {
  const { bots: client, admission, options } = context;
  if (!admission) return;
  for (const { tokens, admissions, result } of bots) {
    const { identities } = result;
    for (let first = 0; first < tokens.length; first += identities) {
      let leftMs = options.botCpuSeconds * 1000;
      for (const [at, token] of tokens.slice(first, first + identities).entries()) {
        if (Date.now() > untilMs) throw new Error('the bots had no time to solve their challenges');
        const { admission: admitted, cpuMs } = await solveAdmission(client, sid, token);
        const workMs = cpuMs * admission.scale;
        leftMs -= workMs;
        // The last solution comes too late.
        result.workCpuMs += leftMs < 0 ? leftMs + workMs : workMs;
        if (leftMs < 0) break;
        admissions[first + at] = admitted;
      }
    }
  }
}
