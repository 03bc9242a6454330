import type { Random } from './seeded-random.ts';

/** Probability of each fault for each message, from 0 to 1. */
export type Faults = {
  /** A statement never reaches the database, and its connection is lost. */
  statementLost: number;
  /** The statement runs, and its answer is lost. */
  statementAnswerLost: number;
  commitAnswerLost: number;
  statementSlow: number;
  callLost: number;
  callAnswerLost: number;
  callTwice: number;
  callSlow: number;
  appendLost: number;
  appendAnswerLost: number;
  /** The records arrive seconds after the caller has given up. */
  appendLate: number;
  appendTwice: number;
  /** A member of the group fetches records a second time. */
  recordsAgain: number;
  offsetCommitLost: number;
  redisLost: number;
  /** A Redis command runs late, with a stale value. */
  redisSlow: number;
  notifyLost: number;
};

const MAX_FAULTS: Faults = {
  statementLost: 0.04,
  statementAnswerLost: 0.04,
  commitAnswerLost: 0.3,
  statementSlow: 0.08,
  callLost: 0.15,
  callAnswerLost: 0.2,
  callTwice: 0.2,
  callSlow: 0.15,
  appendLost: 0.25,
  appendAnswerLost: 0.4,
  appendLate: 0.4,
  appendTwice: 0.3,
  recordsAgain: 0.2,
  offsetCommitLost: 0.3,
  redisLost: 0.4,
  redisSlow: 0.2,
  notifyLost: 0.5,
};

export const NO_FAULTS = Object.fromEntries(Object.keys(MAX_FAULTS).map((name) => [name, 0])) as Faults;

/** The faults of one run. About a third of the kinds: with more, faults would hide each other. */
export function planFaults(random: Random): Faults {
  const faults = { ...NO_FAULTS };
  for (const name of Object.keys(MAX_FAULTS) as (keyof Faults)[]) {
    if (random.chance(0.35)) faults[name] = MAX_FAULTS[name] * random.between(0.1, 1);
  }
  return faults;
}
