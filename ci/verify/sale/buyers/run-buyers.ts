import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnsweredBy, HttpClient } from './http-client.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { createHistory, type ObservedHistory } from './observed-history.ts';
import { payOrder } from './pay-order.ts';
import { type BuyerPlan, planBuyer } from './plan-buyer.ts';
import { runClicks } from './run-clicks.ts';

export type BuyersOptions = {
  client: HttpClient;
  sid: number;
  buyers: number;
  /** Connections of the client. */
  connections: number;
  /** All buyers arrive within this time. */
  rushMs: number;
  /** False: no buyer pays. */
  pays: boolean;
  opensAtMs: number;
  nameOf(index: number): string;
  tokenOf(index: number): string;
};

/** The state of the load at any moment. */
export type BuyersProgress = {
  requests: number;
  /** Responses to orders by component and status; 0: no response, such as after an abort by the buyer. */
  answers: Map<AnsweredBy | 'none', Map<number, number>>;
  /** Buyers who have clicked and have no outcome yet. */
  pending: number;
  confirmed: number;
  refused: number;
  limited: number;
  errors: number;
  paid: number;
  /** performance.now() at the last first confirmation of a buyer. */
  lastConfirmedMs: number;
  /** performance.now() at the first request and at the last outcome. */
  firstSentMs: number;
  lastAnsweredMs: number;
};

const THINKING_MS = 1500;

export function createProgress(): BuyersProgress {
  const counts = { requests: 0, pending: 0, confirmed: 0, refused: 0, limited: 0, errors: 0, paid: 0 };
  return { ...counts, answers: new Map(), lastConfirmedMs: 0, firstSentMs: 0, lastAnsweredMs: 0 };
}

/**
 * Lets each buyer click at the planned time, independent of other buyers' answers. Resolves with one history per buyer when all have
 * an outcome. `payLate`: indexes of the buyers who pay after the sale.
 */
export async function runBuyers(
  load: BuyersOptions,
  progress: BuyersProgress,
): Promise<{ histories: ObservedHistory[]; payLate: number[] }> {
  const { buyers, pays, opensAtMs, rushMs } = load;
  const plans = Array.from({ length: buyers }, (): BuyerPlan => {
    const plan = planBuyer(rushMs, Math.random);
    return pays ? plan : { ...plan, pays: 'never' };
  });
  const sequence = plans.map((_, index) => index).sort((a, b) => (plans[a]?.clickMs ?? 0) - (plans[b]?.clickMs ?? 0));
  const histories = plans.map((_, index) => createHistory(load.nameOf(index)));
  const openedMs = performance.now() + opensAtMs - Date.now();
  // Twice the connections, so that each connection has its next request.
  const inFlight = createInFlight(2 * load.connections);
  for (const index of sequence) {
    const plan = plans[index] as BuyerPlan;
    const waitMs = opensAtMs + plan.clickMs - Date.now();
    if (waitMs > 1) await sleep(waitMs);
    const dueMs = openedMs + Math.max(0, plan.clickMs);
    const buyer = { plan, dueMs, token: load.tokenOf(index), history: histories[index] as ObservedHistory };
    await inFlight.begin(runBuyer(load, buyer, progress, inFlight));
  }
  await inFlight.end();
  const payLate = sequence.filter((index) => plans[index]?.pays === 'late' && histories[index]?.confirmedNos.length);
  return { histories, payLate };
}

type Buyer = { plan: BuyerPlan; dueMs: number; token: string; history: ObservedHistory };

async function runBuyer(
  { client, sid }: BuyersOptions,
  { plan, dueMs, token, history }: Buyer,
  progress: BuyersProgress,
  inFlight: InFlight,
): Promise<void> {
  // A delay before the request is sent is part of the latency.
  let clickedMs = dueMs;
  const click = {
    sid,
    token,
    key: randomUUID(),
    onSend() {
      inFlight.send();
      progress.requests += 1;
      progress.firstSentMs ||= performance.now();
    },
    onAnswer(status: number, by: AnsweredBy | 'none' = 'none') {
      inFlight.answer();
      const counts = progress.answers.get(by) ?? new Map<number, number>();
      progress.answers.set(by, counts.set(status, (counts.get(status) ?? 0) + 1));
    },
    onAgain() {
      clickedMs = performance.now();
    },
  };
  progress.pending += 1;
  try {
    await runClicks(client, click, plan, history, () => {
      progress.lastConfirmedMs = performance.now();
    });
  } finally {
    progress.pending -= 1;
  }
  progress[history.kind === 'pending' || history.kind === 'error' ? 'errors' : history.kind] += 1;
  progress.lastAnsweredMs = performance.now();
  if (history.kind === 'confirmed' || history.kind === 'refused') {
    history.answeredMs = performance.now();
    history.clickToAnswerMs = history.answeredMs - clickedMs;
  }
  const [orderNo] = history.confirmedNos;
  if (orderNo === undefined || plan.pays !== 'soon') return;
  await sleep(Math.random() * THINKING_MS);
  history.paid = await payOrder(client, orderNo, token);
  if (history.paid) progress.paid += 1;
}
