import { randomBytes } from 'node:crypto';
import { createTokens, type JwtSettings, signTokens } from '../../verify/sale/buyers/create-tokens.ts';
import { createHttpClient } from '../../verify/sale/buyers/http-client.ts';
import { createSeededRandom } from '../../verify/simulate/world/seeded-random.ts';
import { listAttackers } from './buyers/attackers.ts';
import { planPeople } from './buyers/plan-people.ts';
import type { RoundResult } from './figures/round-result.ts';
import { type ModeFigures, summarizeRounds } from './figures/summarize-rounds.ts';
import type { FairnessOptions, ModeContext } from './modes/mode-context.ts';
import { runRush } from './modes/run-rush.ts';

export type FairnessTarget = { url: string; jwt: JwtSettings };
export const MODES = ['rush', 'admission', 'draw', 'line'] as const;
export type Mode = (typeof MODES)[number];
/** Either the figures, or why there are none. */
export type ModeResult = { mode: Mode; seconds: number; figures?: ModeFigures; missing?: string };

/** What runs a mode, or why it cannot run. */
const RUNS: Record<Mode, ((context: ModeContext) => Promise<RoundResult[]>) | string> = {
  rush: runRush,
  admission: 'this system has no admission step',
  draw: 'this system has no draws',
  line: 'this system has no lines',
};

const CONNECTIONS = 500;

/** Sells `options.rounds` stocks in this mode to people and bots. */
export async function runFairness(
  { url, jwt }: FairnessTarget,
  mode: Mode,
  options: FairnessOptions,
  print: (line: string) => void,
): Promise<ModeResult> {
  const run = RUNS[mode];
  if (typeof run === 'string') return { mode, seconds: 0, missing: run };
  const startedMs = performance.now();
  const random = createSeededRandom(options.seed);
  const createToken = signTokens(jwt);
  const name = randomBytes(4).toString('hex');
  const people = createHttpClient(url, CONNECTIONS);
  const bots = createHttpClient(url, CONNECTIONS);
  try {
    const rounds = await run({
      people,
      bots,
      options,
      persons: planPeople(options.people, random),
      tokens: await createTokens(options.people, (at) => createToken(`person-${name}-${at}`, 'buyer')),
      attackers: listAttackers(options),
      adminToken: await createToken(`fairness-${name}`, 'admin'),
      createToken,
      random,
      print,
    });
    const figures = summarizeRounds(rounds, random);
    return { mode, seconds: Math.round((performance.now() - startedMs) / 1000), figures };
  } finally {
    await Promise.all([people.close(), bots.close()]);
  }
}
