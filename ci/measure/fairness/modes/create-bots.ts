import { randomUUID } from 'node:crypto';
import { createTokens } from '../../../verify/sale/buyers/create-tokens.ts';
import type { BotsResult } from '../figures/round-result.ts';
import type { ModeContext } from './mode-context.ts';

/** Identities of one kind of attackers in one round; `result` counts what they get. */
export type Bots = {
  tokens: string[];
  /** Admission token of each identity that has one. */
  admissions: string[];
  maxRequests: number;
  result: BotsResult;
};

/** New identities for one round, so that the limits of one round do not meet those of another. */
export function createBots({ attackers, createToken }: ModeContext): Promise<Bots[]> {
  return Promise.all(
    attackers.map(async ({ name, attackers, identities, requests }) => ({
      tokens: await createTokens(attackers * identities, () => createToken(`bot-${randomUUID()}`, 'buyer')),
      admissions: [],
      maxRequests: requests,
      result: { name, attackers, identities, used: 0, requests: 0, won: 0, workCpuMs: 0 },
    })),
  );
}
