import type { Logger } from 'pino';
import { createCallLimit } from '../../proto/process/call-limit.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { createFreshCache, type Fresh } from '../../proto/process/fresh-cache.ts';
import { createRareWarning } from '../../proto/process/rare-warning.ts';
import { readAnswer } from '../../proto/process/read-answer.ts';
import type { Identity } from '../auth/identity-reader.ts';
import { Problem, retryAfter } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';

/** Why the shop's risk service refuses this order or entry; null: it allows it. A value while the answer is in memory. */
export type RiskCheck = (
  caller: Pick<Identity, 'buyer' | 'device'>,
  sid: number,
  action: 'order' | 'entry',
) => Problem | null | Promise<Problem | null>;

export type RiskCheckOptions = {
  config: Pick<ConsumerConfig, 'RISK_URL' | 'RISK_DEADLINE_MS' | 'RISK_FAILS'>;
  clock: Clock;
  logger: Pick<Logger, 'warn' | 'debug'>;
  /** Called for each order or entry that got no answer of the service. */
  onFailed(): void;
};

const CALLS = { maxConcurrent: 100, maxWaiting: 1000 };
/** Answers that are kept, and for how long. A failure is not kept. */
const MAX_ANSWERS = 50_000;
const FRESH_MS = 60_000;
const MAX_BYTES = 4096;
/** A call with less time would only load the service. */
const MIN_LEFT_MS = 5;

/** Asks the service at RISK_URL (docs/bots.md). Null: there is none. */
export function createRiskCheck({ config, clock, logger, onFailed }: RiskCheckOptions): RiskCheck | null {
  const { RISK_URL: url, RISK_DEADLINE_MS: deadlineMs, RISK_FAILS: fails } = config;
  if (url === '') return null;
  const limit = createCallLimit(CALLS);
  const warn = createRareWarning(logger, 'the risk service gave no answer');
  const answers = createFreshCache(clock, MAX_ANSWERS, async (question: string): Promise<Fresh<boolean>> => {
    const untilMs = clock.nowMs() + deadlineMs;
    const value = await limit(() => askService(url, question, untilMs - clock.nowMs()));
    return { value, freshForMs: FRESH_MS, heldMs: 0 };
  });

  async function waitFor(answer: Promise<Fresh<boolean>>): Promise<Problem | null> {
    try {
      return toProblem((await withDeadline(clock, deadlineMs, 'risk service', answer)).value);
    } catch (err) {
      onFailed();
      warn({ err });
      return fails === 'open' ? null : new Problem('busy', undefined, {}, retryAfter());
    }
  }

  return ({ buyer, device }, sid, action) => {
    const question = JSON.stringify({ buyer, sid: String(sid), ...(device !== null && { device }), action });
    const answer = answers.read(question);
    return answer instanceof Promise ? waitFor(answer) : toProblem(answer.value);
  };
}

function toProblem(isAllowed: boolean): Problem | null {
  return isAllowed ? null : new Problem('risk_denied');
}

async function askService(url: string, question: string, leftMs: number): Promise<boolean> {
  if (leftMs < MIN_LEFT_MS) throw new Error('too many questions wait for the risk service');
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: question,
    redirect: 'error',
    signal: AbortSignal.timeout(Math.ceil(leftMs)),
  });
  const text = await readAnswer(response, MAX_BYTES, 'the risk service');
  if (!response.ok) throw new Error(`the risk service answered ${response.status}`);
  const { allow } = (JSON.parse(text) ?? {}) as { allow?: unknown };
  if (typeof allow !== 'boolean') throw new Error('the risk service answered without "allow": true or false');
  return allow;
}
