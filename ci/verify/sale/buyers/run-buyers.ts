import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addOutcome, type ObservedHistory } from '../judge-sale.ts';
import { buyUnit } from './buy-unit.ts';
import { payOrder } from './pay-order.ts';
import { type BuyerPlan, planBuyer } from './plan-buyers.ts';
import type { AnsweredBy, SaleClient } from './sale-client.ts';

export type Buyers = {
  client: SaleClient;
  sid: number;
  buyers: number;
  /** That the client has. */
  connections: number;
  /** In which all of them come. */
  rushMs: number;
  /** False: nobody pays. */
  pays: boolean;
  opensAtMs: number;
  nameOf(index: number): string;
  tokenOf(index: number): Promise<string>;
};

/** How far the crowd is, at any moment. */
export type BuyersProgress = {
  requests: number;
  /** How often who answered an order with which status; 0: nobody, such as when the buyer gave up first. */
  answers: Map<AnsweredBy | 'nobody', Map<number, number>>;
  /** Buyers who have clicked and know nothing yet. */
  pending: number;
  confirmed: number;
  refused: number;
  limited: number;
  errors: number;
  paid: number;
  /** performance.now() when the last buyer of a unit first heard of it. */
  lastConfirmedMs: number;
  /** performance.now() of the first request, and when the last buyer knew the outcome. */
  firstSentMs: number;
  lastAnsweredMs: number;
};

/** So many at once and no more: what waits in here costs memory. */
const MAX_AT_ONCE = 20_000;
const THINKING_MS = 1500;

/**
 * Lets everybody click at their own time, whatever has become of the others, and resolves with one story for each when the
 * last one knows the outcome. `payLate`: those who pay when all is over.
 */
export async function runBuyers(
  crowd: Buyers,
  progress: BuyersProgress,
): Promise<{ stories: ObservedHistory[]; payLate: number[] }> {
  const { buyers, pays, opensAtMs, rushMs } = crowd;
  const plans = Array.from({ length: buyers }, (): BuyerPlan => {
    const plan = planBuyer(rushMs, Math.random);
    return pays ? plan : { ...plan, pays: 'never' };
  });
  const sequence = plans.map((_, index) => index).sort((a, b) => (plans[a]?.clickMs ?? 0) - (plans[b]?.clickMs ?? 0));
  const stories = plans.map((_, index) => createHistory(crowd.nameOf(index)));
  const openedMs = performance.now() + opensAtMs - Date.now();
  // Twice the connections, so that each of them has its next request.
  const lives = limitLives(2 * crowd.connections);
  for (const index of sequence) {
    const plan = plans[index] as BuyerPlan;
    const waitMs = opensAtMs + plan.clickMs - Date.now();
    if (waitMs > 1) await sleep(waitMs);
    const dueMs = openedMs + Math.max(0, plan.clickMs);
    const buyer = { plan, dueMs, token: await crowd.tokenOf(index), story: stories[index] as ObservedHistory };
    await lives.begin(runBuyer(crowd, buyer, progress, lives));
  }
  await lives.end();
  const payLate = sequence.filter((index) => plans[index]?.pays === 'late' && stories[index]?.confirmedNos.length);
  return { stories, payLate };
}

type Lives = ReturnType<typeof limitLives>;

/**
 * Counts who is under way, and what has been sent and not answered: `begin` resolves once there is room for the next, `end` when
 * all is over.
 */
function limitLives(maxSent: number) {
  let running = 0;
  let sent = 0;
  let failure: { error: unknown } | undefined;
  let wake: () => void = () => undefined;
  // One waiter at a time; Promise.race over all of them would keep a reaction on each for every buyer that came.
  const waitFor = async (isFree: () => boolean) => {
    while (!failure && !isFree()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (failure) throw failure.error;
  };
  return {
    send() {
      sent += 1;
    },
    answer() {
      sent -= 1;
      wake();
    },
    begin(life: Promise<void>): Promise<void> {
      running += 1;
      life
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => {
          running -= 1;
          wake();
        });
      return waitFor(() => running < MAX_AT_ONCE && sent < maxSent);
    },
    end: () => waitFor(() => running === 0),
  };
}

function createHistory(buyer: string): ObservedHistory {
  return {
    buyer,
    kind: 'pending',
    status: 0,
    confirmedNos: [],
    refusedNos: [],
    clickToAnswerMs: undefined,
    paid: false,
  };
}

type Buyer = { plan: BuyerPlan; dueMs: number; token: string; story: ObservedHistory };

async function runBuyer(
  { client, sid }: Buyers,
  { plan, dueMs, token, story }: Buyer,
  progress: BuyersProgress,
  lives: Lives,
): Promise<void> {
  const key = randomUUID();
  // Whatever kept it from being sent belongs to the wait.
  let clickedMs = dueMs;
  const onSend = () => {
    lives.send();
    progress.requests += 1;
    progress.firstSentMs ||= performance.now();
  };
  const onAnswer = (status: number, by: AnsweredBy | 'nobody' = 'nobody') => {
    lives.answer();
    const counts = progress.answers.get(by) ?? new Map<number, number>();
    progress.answers.set(by, counts.set(status, (counts.get(status) ?? 0) + 1));
  };
  const onAgain = () => {
    clickedMs = performance.now();
  };
  const click = (abandonAfterMs: number | undefined) =>
    buyUnit(client, { sid, token, key, abandonAfterMs, onSend, onAnswer, onAgain }).then((verdict) => {
      if (verdict.kind === 'confirmed' && story.kind !== 'confirmed') progress.lastConfirmedMs = performance.now();
      addOutcome(story, verdict);
    });

  progress.pending += 1;
  try {
    await Promise.all([click(plan.abandonsAfterMs), ...(plan.doubleClicks ? [click(undefined)] : [])]);
  } finally {
    progress.pending -= 1;
  }
  count(progress, story);
  progress.lastAnsweredMs = performance.now();
  if (story.kind === 'confirmed' || story.kind === 'refused') story.clickToAnswerMs = performance.now() - clickedMs;
  const [orderNo] = story.confirmedNos;
  if (orderNo === undefined || plan.pays !== 'soon') return;
  await sleep(Math.random() * THINKING_MS);
  story.paid = await payOrder(client, orderNo, token);
  if (story.paid) progress.paid += 1;
}

function count(progress: BuyersProgress, { kind }: ObservedHistory): void {
  switch (kind) {
    case 'confirmed':
      progress.confirmed += 1;
      return;
    case 'refused':
      progress.refused += 1;
      return;
    case 'limited':
      progress.limited += 1;
      return;
    case 'error':
    case 'pending':
      progress.errors += 1;
      return;
    default:
      kind satisfies never;
  }
}
