import { setTimeout as sleep } from 'node:timers/promises';
import { sendSteadily } from '../../ops/release/send-steadily.ts';
import { buyUnit } from '../sale/buyers/buy-unit.ts';
import { planBuyer } from '../sale/buyers/plan-buyers.ts';
import type { SaleClient } from '../sale/buyers/sale-client.ts';
import { addOutcome, type ObservedHistory } from '../sale/judge-sale.ts';
import type { Journal } from './journal.ts';
import { isConfirmation, isError } from './measure-buyers.ts';
import type { FaultSystem } from './system/fault-system.ts';

export type LoadPlan = { sid: number; units: number; buyers: number; perSecond: number; name: string };

export type SaleLoad = {
  client: SaleClient;
  journal: Journal;
  plan: LoadPlan;
  stories: ObservedHistory[];
  /** Numbers that somebody was told are confirmed. */
  confirmedNos: Set<string>;
  /** Requests so far that ended in 5xx or without an answer. */
  errors(): number;
  /** More buyers, on top of the steady ones. */
  come(perSecond: number, buyers: number): void;
  /** One more buyer, with nothing odd about them. */
  buyOne(): Promise<ObservedHistory>;
  /** Resolves when so many units are sold, or rejects after the time. */
  waitForSold(units: number, limitMs: number): Promise<void>;
  /** Resolves when all have come and know the outcome. */
  finish(): Promise<void>;
  /** Nobody else comes. */
  callOff(): void;
};

const LOOKS_EVERY = 10;
const BETWEEN_LOOKS_MS = 20;

/**
 * Buyers who come at a constant rate, whatever has become of those before: a fifth click twice, a tenth give up and ask again,
 * every tenth looks at the stock first.
 */
export function runLoad(system: FaultSystem, client: SaleClient, journal: Journal, plan: LoadPlan): SaleLoad {
  const { sid, buyers, perSecond, name } = plan;
  const stories: ObservedHistory[] = [];
  const confirmedNos = new Set<string>();
  journal.onAnswer((ask, answer) => {
    if (isConfirmation(ask, answer)) confirmedNos.add(answer.orderNo);
    if (isError(answer)) errors += 1;
  });
  let errors = 0;
  let isCalledOff = false;
  let come = 0;
  // Buyers who are called off would go on asking for a minute.
  const tired: SaleClient = {
    ...client,
    send(call) {
      if (isCalledOff) throw new Error('the sale was called off');
      return client.send(call);
    },
  };

  async function buy(isOdd: boolean): Promise<ObservedHistory> {
    const index = come;
    come += 1;
    const buyer = `${name}-${index}`;
    const story = createHistory(buyer);
    stories.push(story);
    const { doubleClicks, abandonsAfterMs } = planBuyer(buyers, Math.random);
    const token = await system.createToken(buyer, 'buyer');
    if (index % LOOKS_EVERY === 0)
      await journal.keep(tired, buyer).send({ method: 'GET', path: `/api/v1/stocks/${sid}` });
    const kept = journal.keep(tired, buyer, 'first');
    const click = async (abandonAfterMs: number | undefined) => {
      const nothing = () => undefined;
      const intent = { sid, token, key: 'first', abandonAfterMs };
      addOutcome(story, await buyUnit(kept, { ...intent, onSend: nothing, onAnswer: nothing, onAgain: nothing }));
    };
    await Promise.all([
      click(isOdd ? abandonsAfterMs : undefined),
      ...(isOdd && doubleClicks ? [click(undefined)] : []),
    ]);
    return story;
  }

  const streams: { endsAtMs: number; stop(): Promise<number> }[] = [];
  function add(rate: number, most: number): void {
    const load = sendSteadily(rate, most, async () => {
      if (!isCalledOff) await buy(true);
    });
    streams.push({ ...load, endsAtMs: performance.now() + (most / rate) * 1000 });
  }
  add(perSecond, buyers);

  return {
    client,
    journal,
    plan,
    stories,
    confirmedNos,
    errors: () => errors,
    come: add,
    buyOne: () => buy(false),
    async waitForSold(units, limitMs) {
      const untilMs = performance.now() + limitMs;
      while (confirmedNos.size < units) {
        if (performance.now() > untilMs) throw new Error(`only ${confirmedNos.size} of ${units} units sold in time`);
        await sleep(BETWEEN_LOOKS_MS);
      }
    },
    async finish() {
      for (const { endsAtMs, stop } of streams) {
        // A moment more, so that the last of them is sent.
        const waitMs = endsAtMs - performance.now() + BETWEEN_LOOKS_MS;
        if (waitMs > 0 && !isCalledOff) await sleep(waitMs);
        await stop();
      }
    },
    callOff() {
      isCalledOff = true;
      // Their errors are that they were called off.
      for (const { stop } of streams) stop().catch(() => undefined);
    },
  };
}

function createHistory(buyer: string): ObservedHistory {
  const told = { confirmedNos: [], refusedNos: [] };
  return { buyer, kind: 'pending', status: 0, ...told, clickToAnswerMs: undefined, paid: false };
}
