import type { BuyBody, Order } from './api-types.ts';
import type { Caller } from './caller.ts';
import { FlashSaleError, type Problem } from './flash-sale-error.ts';
import type { Intent, Intents } from './intents.ts';
import { type BuyAnswer, nextStep, type Step } from './next-step.ts';
import { isActive, type OrderReader } from './order-reader.ts';
import type { ServerClock } from './server-clock.ts';
import { wait } from './wait.ts';

export type BuyUpdate =
  | { step: 'asking' }
  /** The request is sent again at `atMs`, by the server's clock. */
  | { step: 'waiting'; why: 'limited' | 'busy' | 'opening'; atMs: number; tries: number }
  /** The order is taken and not decided yet. */
  | { step: 'pending'; order: Order };

export type BuyOptions = BuyBody & {
  /** Where a stock needs one: from `POST /stocks/{sid}/admission`, or from the shop. */
  admissionToken?: string | undefined;
  /** Aborting it rejects `buy`. What was sent stays sent: the next `buy` of this stock continues it. */
  signal?: AbortSignal | undefined;
  onUpdate?: ((update: BuyUpdate) => void) | undefined;
  /** How long to wait for the opening of the sale (default 60 s); a sale that opens later is refused with `not_open`. */
  waitForOpeningMs?: number | undefined;
  /** How long to wait for the decision of a pending order (default 60 s); 0: not at all. */
  waitForDecisionMs?: number | undefined;
};

export type BuyResult =
  /** The units are the buyer's. `isNew` false: it is the order that the buyer already had. */
  | { outcome: 'confirmed'; order: Order; isNew: boolean }
  /** Not decided within the time: `resume` waits again, `watch` follows it. */
  | { outcome: 'pending'; order: Order }
  /** No order: `code` says why, such as `sold_out`, `not_open`, `too_few_left`; `problem` has its fields. */
  | { outcome: 'refused'; code: string; problem: Partial<Problem>; retryAfterMs: number }
  /** No answer after several tries: there may be an order. The next `buy` of this stock continues with the same key. */
  | { outcome: 'unknown' }
  /** The order of this intent was confirmed, and has expired or was cancelled or refunded since. */
  | { outcome: 'ended'; order: Order };

type BuyerParts = { caller: Caller; intents: Intents; orders: OrderReader; clock: ServerClock };
type Run = { buyer: string; sid: string; options: BuyOptions };

const DEFAULT_WAIT_MS = 60_000;
const CHECK_CLOCK_MS = 60_000;

export function createBuy({ caller, intents, orders, clock }: BuyerParts) {
  const running = new Map<string, { isClick: boolean; result: Promise<BuyResult | null> }>();

  /** The intent to send, or the result that a stored one already has. */
  async function begin(run: Run, isClick: boolean): Promise<Intent | BuyResult | null> {
    const { buyer, sid, options } = run;
    const kept = intents.read(buyer, sid);
    if (kept?.orderNo !== undefined) {
      const known = await orders.read(kept.orderNo, options.signal).catch(() => null);
      options.signal?.throwIfAborted();
      if (!known) return kept;
      if (isActive(known.body) || !isClick) return (await settle(run, kept, known.body, false)) ?? kept;
      // Its order has ended: this click is a new intent.
      intents.end(buyer, sid, kept);
    } else if (kept) {
      if (!isClick) return kept.isGivenUp ? { outcome: 'unknown' } : kept;
      const { isGivenUp, ...intent } = kept;
      intents.write(buyer, sid, intent);
      return intent;
    }
    return isClick ? fresh(run, bodyOf(options)) : null;
  }

  function fresh({ buyer, sid }: Run, body: BuyBody): Intent {
    const intent = { key: newKey(), sinceMs: clock.now(), body };
    intents.write(buyer, sid, intent);
    return intent;
  }

  /** Repeats the request of an intent, always with the same key and body, until there is an answer or too many tries. */
  async function send(run: Run, intent: Intent, isNew: boolean): Promise<BuyResult> {
    const { sid, options } = run;
    const { signal, onUpdate, waitForOpeningMs = DEFAULT_WAIT_MS } = options;
    const attempt = { tries: 0, uncertain: !isNew, waitForOpeningMs };
    let current = intent;
    // A request that certainly did nothing does not count: refused buyers must pass the same limits again.
    let sends = isNew ? 1 : 2;
    for (;;) {
      attempt.tries += 1;
      onUpdate?.({ step: 'asking' });
      const answer = await post(sid, current, sends, options);
      if ('error' in answer && answer.error.code === 'not_open') await clock.sync().catch(() => undefined);
      const step = nextStep(answer, attempt, clock.now(), Math.random());
      if (step.do !== 'repeat') {
        const result = await end(run, current, step, answer, attempt.uncertain);
        if (result) return result;
        // The API does not know the pending order: it was lost on its path, and the repeat sends it again.
        attempt.uncertain = true;
        sends += 1;
        continue;
      }
      attempt.uncertain = step.uncertain;
      if (step.newKey) {
        current = fresh(run, current.body);
        sends = 1;
      } else if (step.uncertain || sends > 1) {
        sends += 1;
      }
      const atMs = clock.now() + step.waitMs;
      onUpdate?.({ step: 'waiting', why: step.why, atMs, tries: attempt.tries });
      await waitUntil(atMs, signal);
    }
  }

  /** By the server's clock, which is measured again during a long wait. */
  async function waitUntil(atMs: number, signal: AbortSignal | undefined): Promise<void> {
    for (let leftMs = atMs - clock.now(); leftMs > 0; leftMs = atMs - clock.now()) {
      await wait(Math.min(leftMs, CHECK_CLOCK_MS), signal);
      if (leftMs > CHECK_CLOCK_MS) await clock.sync().catch(() => undefined);
    }
  }

  async function post(
    sid: string,
    { key, body }: Intent,
    sends: number,
    { signal, admissionToken }: BuyOptions,
  ): Promise<BuyAnswer> {
    const headers = {
      'idempotency-key': `"${key}"`,
      'idempotency-attempt': String(sends),
      ...(admissionToken !== undefined && { 'admission-token': admissionToken }),
    };
    const json = Object.keys(body).length === 0 ? {} : { body };
    try {
      const path = `/stocks/${encodeURIComponent(sid)}/orders`;
      const { body, status } = await caller.call<Order>(path, { method: 'POST', headers, ...json, signal });
      return { order: body, isNew: status === 201 };
    } catch (error) {
      if (error instanceof FlashSaleError) return { error };
      throw error;
    }
  }

  /** The result of the last step; null: the pending order is unknown to the API. */
  async function end(
    run: Run,
    intent: Intent,
    step: Exclude<Step, { do: 'repeat' }>,
    answer: BuyAnswer,
    wasUncertain: boolean,
  ): Promise<BuyResult | null> {
    const { buyer, sid, options } = run;
    if (step.do === 'show') return settle(run, intent, step.order, 'isNew' in answer && answer.isNew === true);
    if (step.do === 'look') {
      await wait(step.waitMs, options.signal);
      const found = await findActive(sid, options.signal);
      if (found) return settle(run, intent, found, false);
      if (found === undefined || step.keep) return giveUp(run, intent);
    }
    const { code, status, problem, retryAfterMs } = (answer as Extract<BuyAnswer, { error: unknown }>).error;
    if (step.do === 'give_up' && step.uncertain) return giveUp(run, intent);
    // After signing in, the buyer may click again for the order whose answer was lost.
    if (status === 401 && wasUncertain) intents.update(buyer, sid, intent.key, { isGivenUp: true });
    else intents.end(buyer, sid, intent);
    return { outcome: 'refused', code, problem, retryAfterMs };
  }

  function giveUp({ buyer, sid }: Run, { key }: Intent): BuyResult {
    intents.update(buyer, sid, key, { isGivenUp: true });
    return { outcome: 'unknown' };
  }

  /** The buyer's active order of this stock; null: there is none; undefined: no answer. */
  async function findActive(sid: string, signal: AbortSignal | undefined): Promise<Order | null | undefined> {
    try {
      const { body } = await caller.call<{ orders: Order[] }>(`/orders?sid=${encodeURIComponent(sid)}`, { signal });
      return body.orders.find(isActive) ?? null;
    } catch {
      signal?.throwIfAborted();
      return undefined;
    }
  }

  /** The result of an intent that has an order. */
  async function settle(run: Run, intent: Intent, order: Order, isNew: boolean): Promise<BuyResult | null> {
    const { buyer, sid, options } = run;
    const { signal, onUpdate, waitForDecisionMs = DEFAULT_WAIT_MS } = options;
    let latest: Order | null = order;
    if (latest.state === 'pending') {
      intents.update(buyer, sid, intent.key, { orderNo: latest.orderNo });
      onUpdate?.({ step: 'pending', order: latest });
      latest = waitForDecisionMs === 0 ? latest : await orders.follow(latest, waitForDecisionMs, signal);
      if (!latest) return null;
      if (latest.state === 'pending') return { outcome: 'pending', order: latest };
      if (latest.state !== 'duplicate') isNew = true;
    }
    if (latest.state === 'duplicate' && latest.activeOrderNo !== null) {
      const active = await orders.read(latest.activeOrderNo, signal).catch(() => null);
      signal?.throwIfAborted();
      if (!active) return giveUp(run, intent);
      latest = active.body;
    }
    if (isActive(latest)) {
      intents.update(buyer, sid, intent.key, { orderNo: latest.orderNo });
      return { outcome: 'confirmed', order: latest, isNew };
    }
    intents.end(buyer, sid, intent);
    if (latest.decision === 'confirmed') return { outcome: 'ended', order: latest };
    const { state, orderNo } = latest;
    return { outcome: 'refused', code: state, problem: { code: state, orderNo }, retryAfterMs: 0 };
  }

  async function run(run: Run, isClick: boolean): Promise<BuyResult | null> {
    const kept = intents.read(run.buyer, run.sid);
    const begun = await begin(run, isClick);
    if (!begun || 'outcome' in begun) return begun;
    return send(run, begun, begun.key !== kept?.key);
  }

  /** `isClick` false: only a stored intent is completed. Resolves with null if there is none. */
  return async (sid: string, options: BuyOptions, isClick: boolean): Promise<BuyResult | null> => {
    options.signal?.throwIfAborted();
    const buyer = await caller.subject();
    const name = `${sid} ${buyer}`;
    for (let current = running.get(name); current; current = running.get(name)) {
      const result = await current.result;
      // A click during the completion of a stored intent counts, unless that led to an order.
      if (current.isClick || !isClick || (result && result.outcome !== 'unknown')) return result;
    }
    const result = run({ buyer, sid, options }, isClick).finally(() => running.delete(name));
    running.set(name, { isClick, result });
    return result;
  };
}

/** What the buyer asks for, without what is undefined. */
function bodyOf({
  admissionToken,
  signal,
  onUpdate,
  waitForOpeningMs,
  waitForDecisionMs,
  ...body
}: BuyOptions): BuyBody {
  return JSON.parse(JSON.stringify(body));
}

/** crypto.randomUUID exists over HTTPS only. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
