import type { Random } from './seeded-random.ts';

/** How likely each message meets each fault, from 0 to 1. All 0: a calm network. */
export type Faults = {
  /** A statement never reaches the database, and its connection is lost. */
  statementLost: number;
  /** It is done, and its answer never comes. */
  statementAnswerLost: number;
  commitAnswerLost: number;
  statementSlow: number;
  callLost: number;
  callAnswerLost: number;
  callTwice: number;
  callSlow: number;
  appendLost: number;
  appendAnswerLost: number;
  /** The records are there only seconds after the append was given up. */
  appendLate: number;
  appendTwice: number;
  /** A member of the group is handed records once more. */
  recordsAgain: number;
  offsetCommitLost: number;
  redisLost: number;
  /** A command to Redis is done late: what it puts there is stale by then. */
  redisSlow: number;
  notifyLost: number;
};

const MOST: Faults = {
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

export const NO_FAULTS = Object.fromEntries(Object.keys(MOST).map((name) => [name, 0])) as Faults;

/** Faults of one run: each kind with one chance in three, as bad as chance has it. Many at once would hide each other. */
export function planFaults(random: Random): Faults {
  const faults = { ...NO_FAULTS };
  for (const name of Object.keys(MOST) as (keyof Faults)[]) {
    if (random.chance(0.35)) faults[name] = MOST[name] * random.between(0.1, 1);
  }
  return faults;
}
