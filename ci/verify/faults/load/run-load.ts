import { setTimeout as sleep } from 'node:timers/promises';
import { sendSteadily } from '../../releases/send-steadily.ts';
import type { TokenMaker } from '../../sale/buyers/create-tokens.ts';
import type { HttpClient } from '../../sale/buyers/http-client.ts';
import { createHistory, type ObservedHistory } from '../../sale/buyers/observed-history.ts';
import { planBuyer } from '../../sale/buyers/plan-buyer.ts';
import { runClicks } from '../../sale/buyers/run-clicks.ts';
import type { Journal } from './journal.ts';
import { isConfirmation, isError } from './measure-fault.ts';

export type LoadPlan = { sid: number; units: number; buyers: number; perSecond: number; name: string };

export type SaleLoad = {
  client: HttpClient;
  journal: Journal;
  plan: LoadPlan;
  histories: ObservedHistory[];
  /** Order numbers that were answered as confirmed. */
  confirmedNos: Set<string>;
  /** Requests so far that ended with 5xx or without a response. */
  errors(): number;
  /** Adds buyers to the steady load. */
  add(perSecond: number, buyers: number): void;
  /** One more buyer, who neither double-clicks nor aborts. */
  buyOne(): Promise<ObservedHistory>;
  /** Resolves when this many units are sold, or rejects after the time. */
  waitForSold(units: number, limitMs: number): Promise<void>;
  /** Resolves when all buyers have an outcome. */
  finish(): Promise<void>;
  /** Stops all buyers. */
  cancel(): void;
};

const READS_EVERY = 10;
const POLL_MS = 20;
const PLAIN = { doubleClicks: false, abandonsAfterMs: undefined };

async function waitForSize(confirmedNos: Set<string>, units: number, limitMs: number): Promise<void> {
  const untilMs = performance.now() + limitMs;
  while (confirmedNos.size < units) {
    if (performance.now() > untilMs) throw new Error(`only ${confirmedNos.size} of ${units} units sold in time`);
    await sleep(POLL_MS);
  }
}

/** Without it, cancelled buyers would repeat requests for a minute. */
function cancellableClient(client: HttpClient, isCancelled: () => boolean): HttpClient {
  const send: HttpClient['send'] = (call) => {
    if (isCancelled()) throw new Error('the sale was cancelled');
    return client.send(call);
  };
  return { ...client, send };
}

/**
 * Buyers who arrive at a constant rate, independent of other buyers' answers: a fifth double-clicks, a tenth aborts the request and
 * repeats it, a tenth reads the stock first.
 */
export function runLoad(createToken: TokenMaker, client: HttpClient, journal: Journal, plan: LoadPlan): SaleLoad {
  const { sid, buyers, perSecond, name } = plan;
  const histories: ObservedHistory[] = [];
  const confirmedNos = new Set<string>();
  let errors = 0;
  let isCancelled = false;
  journal.onAnswer((ask, answer) => {
    if (isConfirmation(ask, answer)) confirmedNos.add(answer.orderNo);
    if (isError(answer)) errors += 1;
  });
  const cancellable = cancellableClient(client, () => isCancelled);

  async function buy(behaviour?: typeof PLAIN): Promise<ObservedHistory> {
    const index = histories.length;
    const history = createHistory(`${name}-${index}`);
    histories.push(history);
    const { buyer } = history;
    const token = await createToken(buyer, 'buyer');
    if (index % READS_EVERY === 0)
      await journal.keep(cancellable, buyer).send({ method: 'GET', path: `/api/v1/stocks/${sid}` });
    const click = { sid, token, key: 'first' };
    await runClicks(journal.keep(cancellable, buyer, 'first'), click, behaviour ?? planBuyer(0, Math.random), history);
    return history;
  }

  const streams: { endsAtMs: number; stop(): Promise<number> }[] = [];
  function add(rate: number, count: number): void {
    const stream = sendSteadily(rate, count, async () => {
      if (!isCancelled) await buy();
    });
    streams.push({ ...stream, endsAtMs: performance.now() + (count / rate) * 1000 });
  }
  add(perSecond, buyers);

  return {
    client,
    journal,
    plan,
    histories,
    confirmedNos,
    errors: () => errors,
    add,
    buyOne: () => buy(PLAIN),
    waitForSold: (units, limitMs) => waitForSize(confirmedNos, units, limitMs),
    async finish() {
      for (const { endsAtMs, stop } of streams) {
        // The last buyer is sent up to one interval later.
        const waitMs = endsAtMs - performance.now() + POLL_MS;
        if (waitMs > 0 && !isCancelled) await sleep(waitMs);
        await stop();
      }
    },
    cancel() {
      isCancelled = true;
      for (const { stop } of streams) stop().catch(() => undefined);
    },
  };
}
