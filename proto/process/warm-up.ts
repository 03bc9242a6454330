import type { Logger } from 'pino';
import { realClock, withDeadline } from './clock.ts';

export type WarmUpState = 'off' | 'waiting' | 'running' | 'done' | 'skipped' | 'failed';

/** `seconds` and `cpuSeconds`: of the last warm-up. `secondsAgo`: since its end, null before it. */
export type WarmUpReport = { state: WarmUpState; seconds: number; cpuSeconds: number; secondsAgo: number | null };

/** What is left of the time of a warm-up. The work ends soon after it is spent. */
export type WarmUpBudget = { isSpent(): boolean };

export type WarmUpOptions = {
  /** False: `run` does nothing. */
  isOn: boolean;
  logger: Logger;
  /** Maximum CPU time of this process, in milliseconds. */
  cpuMs: number;
  /**
   * Exercises the hot path of this process. Resolves soon after the budget is spent, with `skipped` when buyers wait for this
   * process.
   */
  work(budget: WarmUpBudget): Promise<'done' | 'skipped'>;
};

export type WarmUp = {
  /** Never rejects: a process that could not be warmed up serves nevertheless. */
  run(): Promise<void>;
  describe(): WarmUpReport;
};

/** The budget is spent after this time, also where other processes need the processor. */
const MAX_MS = 2500;
/** The process serves after this time, also when the work does not end. */
const DEADLINE_MS = 10_000;

/** Runs `work` again and again, `inFlight` at a time, until the budget is spent or it has run `max` times. Resolves with its runs. */
export async function repeatUntilSpent(
  budget: WarmUpBudget,
  { inFlight, max }: { inFlight: number; max: number },
  work: (run: number) => Promise<unknown>,
): Promise<number> {
  let runs = 0;
  const runInTurn = async () => {
    while (runs < max && !budget.isSpent()) {
      runs += 1;
      await work(runs);
    }
  };
  // All must have ended before the caller closes what they use.
  const results = await Promise.allSettled(Array.from({ length: inFlight }, runInTurn));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return runs;
}

/**
 * Exercises the hot path of a process before its first buyer, so that V8 has compiled it and its connections are open. The time is
 * limited by the CPU time that this process uses: on a slow machine fewer requests are made, not a longer warm-up.
 */
export function createWarmUp({ isOn, logger, cpuMs, work }: WarmUpOptions): WarmUp {
  let state: WarmUpState = isOn ? 'waiting' : 'off';
  let tookMs = 0;
  let tookCpuMs = 0;
  let endedMs: number | null = null;

  async function run(): Promise<void> {
    if (!isOn || state === 'running') return;
    state = 'running';
    const startedMs = realClock.nowMs();
    const cpuAtStart = process.cpuUsage();
    const usedCpuMs = () => {
      const { user, system } = process.cpuUsage(cpuAtStart);
      return (user + system) / 1000;
    };
    const isSpent = () => usedCpuMs() >= cpuMs || realClock.nowMs() - startedMs >= MAX_MS;
    try {
      state = await withDeadline(realClock, DEADLINE_MS, 'warm-up', work({ isSpent }));
    } catch (error) {
      state = 'failed';
      logger.warn({ err: error }, 'warm-up failed; the process serves without it');
    }
    endedMs = realClock.nowMs();
    tookMs = endedMs - startedMs;
    tookCpuMs = usedCpuMs();
    logger.info({ state, ms: Math.round(tookMs), cpuMs: Math.round(tookCpuMs) }, 'warm-up ended');
  }

  return {
    run,
    describe: () => ({
      state,
      seconds: tookMs / 1000,
      cpuSeconds: tookCpuMs / 1000,
      secondsAgo: endedMs === null ? null : (realClock.nowMs() - endedMs) / 1000,
    }),
  };
}
