import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { Type } from 'typebox';
import { admissionSettings } from '../../../consumer/settings/admission-settings.ts';
import { readSettings } from '../../../proto/settings/read-settings.ts';
import { createWorkChallenges } from './create-work-challenges.ts';

/** CPU time of this process, in which Node's Web Crypto derives the keys. */
export type WorkFigure = { keys: number; msPerKey: number; defaultWork: number };

/** Solves so many challenges of the consumers. The CPU time does not depend on other work of the machine as the time does. */
export async function measureWork(challenges: number): Promise<WorkFigure> {
  const { ADMISSION_WORK: defaultWork } = readSettings(
    Type.Object({ ADMISSION_WORK: admissionSettings.ADMISSION_WORK }),
    {},
  );
  let keys = 0;
  let cpuUs = 0;
  for (const challenge of await createWorkChallenges(challenges)) {
    const before = process.cpuUsage();
    const solution = await solveChallenge({ challenge, deriveKey });
    const { user, system } = process.cpuUsage(before);
    if (!solution) throw new Error('the challenge has no solution');
    keys += solution.counter + 1;
    cpuUs += user + system;
  }
  return { keys, msPerKey: cpuUs / 1000 / keys, defaultWork };
}

export function describeWork({ keys, msPerKey, defaultWork }: WorkFigure): string {
  const seconds = (count: number) => ((count * msPerKey) / 1000).toFixed(1);
  return `${keys} keys: ${msPerKey.toFixed(2)} ms of CPU time each. A challenge of ${defaultWork} keys takes ${seconds(defaultWork / 2)} s on average and ${seconds(defaultWork)} s at most.`;
}
