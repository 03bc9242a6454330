import { randomBytes } from 'node:crypto';
import { createTokens, type JwtSettings, signTokens } from '../../verify/sale/buyers/create-tokens.ts';
import { createHttpClient } from '../../verify/sale/buyers/http-client.ts';
import { createSeededRandom } from '../../verify/simulate/world/seeded-random.ts';
import { listAttackers } from './buyers/attackers.ts';
import { planPeople } from './buyers/plan-people.ts';
import type { RoundResult } from './figures/round-result.ts';
import { type ModeFigures, summarizeRounds } from './figures/summarize-rounds.ts';
import { MissingModeError } from './modes/missing-mode-error.ts';
import type { AdmissionPlan, FairnessOptions, ModeContext } from './modes/mode-context.ts';
import { runDraw, runEqualDraw } from './modes/run-draw.ts';
import { runRush } from './modes/run-rush.ts';

/** `admission`: of a system with ADMISSION=proof. */
export type FairnessTarget = { url: string; jwt: JwtSettings; admission?: AdmissionPlan | undefined };
export const MODES = ['rush', 'admission', 'draw', 'line'] as const;
export type Mode = (typeof MODES)[number];
/** Either the figures, or why there are none. */
export type ModeResult = {
  mode: Mode;
  seconds: number;
  figures?: ModeFigures;
  /** Without bots; of draw and line. */
  equals?: ModeFigures;
  missing?: string;
};

const RUNS: Record<Mode, (context: ModeContext) => Promise<RoundResult[]>> = {
  rush: runRush,
  admission(context) {
    if (!context.admission) throw new MissingModeError('it has no admission step');
    return runRush(context);
  },
  draw: (context) => runDraw(context, 'draw'),
  line: (context) => runDraw(context, 'line'),
};

/** Of people and of bots. A request waits for a free one, which is the line of a person who does not come first. */
const CONNECTIONS = 64;

/** Sells `options.rounds` stocks in this mode to people and bots. */
export async function runFairness(
  target: FairnessTarget,
  mode: Mode,
  options: FairnessOptions,
  print: (line: string) => void,
): Promise<ModeResult> {
  const startedMs = performance.now();
  const people = createHttpClient(target.url, CONNECTIONS);
  const bots = createHttpClient(target.url, CONNECTIONS);
  const result = (part: Pick<ModeResult, 'figures' | 'equals' | 'missing'>): ModeResult => {
    return { mode, seconds: Math.round((performance.now() - startedMs) / 1000), ...part };
  };
  try {
    const context = await prepareBuyers(target, options);
    const run: ModeContext = { ...context, people, bots, options, print };
    const figures = summarizeRounds(await RUNS[mode](run), context.random);
    if (mode !== 'draw' && mode !== 'line') return result({ figures });
    return result({ figures, equals: summarizeRounds(await runEqualDraw(run, mode), context.random) });
  } catch (error) {
    if (error instanceof MissingModeError) return result({ missing: error.message });
    throw error;
  } finally {
    await Promise.all([people.close(), bots.close()]);
  }
}

async function prepareBuyers({ jwt, admission }: FairnessTarget, options: FairnessOptions) {
  const random = createSeededRandom(options.seed);
  const createToken = signTokens(jwt);
  const run = randomBytes(4).toString('hex');
  const names = Array.from({ length: options.people }, (_, at) => `person-${run}-${at}`);
  return {
    random,
    createToken,
    admission,
    names,
    persons: planPeople(options.people, random),
    tokens: await createTokens(names.length, (at) => createToken(names[at] as string, 'buyer')),
    attackers: listAttackers(options),
    adminToken: await createToken(`fairness-${run}`, 'admin'),
  };
}
