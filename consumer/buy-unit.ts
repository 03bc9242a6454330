import type { DecidedOrder } from '../db/decide-batch.ts';
import { refuseOrder } from '../db/refuse-order.ts';
import type { Stock } from '../db/stock-table.ts';
import { type Clock, settleWithin } from '../proto/clock.ts';
import { QueueFullError } from '../proto/gather-batches.ts';
import type { Fresh } from '../proto/keep-fresh.ts';
import { toDecided } from './hear-decisions.ts';
import type { PlacedOrderNo } from './keep-undecided.ts';
import type { OrderToPlace, PlacedBy } from './place-order.ts';
import type { DecisionWaiters } from './wait-for-decisions.ts';

export type BuyRequest = PlacedOrderNo & {
  /** Whether this number may have been sent before. */
  repeat: boolean;
  /** Answer as soon as the log has it. */
  async: boolean;
  /** The stock as it was just read; null: it could not be, and refuses nothing. */
  fresh: Fresh<Stock | null> | null;
};

/** What a buyer is answered. */
export type Bought =
  | { kind: 'decided'; decided: DecidedOrder }
  /** Turned away before anything was written; the buyer has no order of this stock. */
  | { kind: 'sold_out' }
  | { kind: 'pending' }
  | { kind: 'not_open'; opensAtMs: number }
  | { kind: 'paused' | 'closed' | 'no_such_stock' | 'busy' | 'unavailable' };

export type BuyDependencies = {
  clock: Clock;
  waitMs: number;
  placeOrder(order: OrderToPlace): Promise<PlacedBy>;
  /** The decision of a number, null while there is none. */
  readDecision(orderNo: string): Promise<DecidedOrder | null>;
  /** The live order of this buyer, as the decision it was, or null. */
  findLiveDecision(sid: number, buyer: string): Promise<DecidedOrder | null>;
  waiters: DecisionWaiters;
  undecided: { keep(order: PlacedOrderNo): void; forget(orderNo: string): void; isKept(orderNo: string): boolean };
};

const TOO_LATE = Symbol('too late');
/** Longest look at the rows before an order is answered with 202. */
const LAST_LOOK_MS = 500;

/** One buyer's way through the order path, from the minted number to an answer that is true. */
export async function buyUnit(dependencies: BuyDependencies, request: BuyRequest): Promise<Bought> {
  const { clock, waiters, waitMs } = dependencies;
  const { fresh } = request;
  const untilMs = clock.nowMs() + waitMs;
  if (fresh?.value && fresh.value.kind !== 'sale') return { kind: 'no_such_stock' };
  const refusal = fresh && refuseOrder(fresh, request.repeat);
  if (refusal?.refused === 'SOLD_OUT') return soldOut(dependencies, request);
  if (refusal) return (request.repeat && (await decidedBefore(dependencies, request))) || toBought(refusal);

  let hear: (decided: DecidedOrder) => void = () => undefined;
  const heard = new Promise<DecidedOrder>((resolve) => {
    hear = resolve;
  });
  // Somebody who waits for the same number here (a double click) has sent it already.
  const isSent = waiters.isAwaited(request.orderNo) && dependencies.undecided.isKept(request.orderNo);
  if (!waiters.join(request.orderNo, hear)) return { kind: 'busy' };
  try {
    const sent = isSent ? Promise.resolve(null) : send(dependencies, request);
    const answer = await firstWithin(clock, untilMs - clock.nowMs(), sent);
    if (answer === TOO_LATE) {
      // Nobody knows where it is. It is kept and sent again as a repeat until it is decided, so 202 is true.
      dependencies.undecided.keep(numberOf(request));
      return { kind: 'pending' };
    }
    if (answer) return answer;
    if (request.async) return { kind: 'pending' };
    return await waitForDecision(dependencies, request, heard, untilMs);
  } finally {
    waiters.leave(request.orderNo, hear);
  }
}

/** Before it says so, it looks whether this buyer has an order: perhaps this very one. */
async function soldOut(dependencies: BuyDependencies, request: BuyRequest): Promise<Bought> {
  const { clock, waitMs, findLiveDecision } = dependencies;
  const { sid, buyer } = request;
  try {
    const live = await firstWithin(clock, waitMs, findLiveDecision(sid, buyer));
    if (live === TOO_LATE) return { kind: 'unavailable' };
    if (!live) return { kind: 'sold_out' };
    const { orderNo } = request;
    if (live.orderNo === orderNo) return { kind: 'decided', decided: live };
    const decided = { orderNo, decision: 'DUPLICATE', liveOrderNo: live.orderNo, state: 'duplicate' } as const;
    return { kind: 'decided', decided };
  } catch {
    return { kind: 'unavailable' };
  }
}

/** What is known of a number that may have been sent before, whatever has become of the sale since. */
async function decidedBefore(dependencies: BuyDependencies, { orderNo }: BuyRequest): Promise<Bought | null> {
  const { clock, readDecision, undecided } = dependencies;
  const looked = await firstWithin(
    clock,
    LAST_LOOK_MS,
    readDecision(orderNo).catch(() => null),
  );
  if (looked && looked !== TOO_LATE) return { kind: 'decided', decided: looked };
  return undecided.isKept(orderNo) ? { kind: 'pending' } : null;
}

/** What is kept and sent: no more of the request than that. */
function numberOf({ orderNo, sid, buyer, mintedAtMs }: BuyRequest): PlacedOrderNo {
  return { orderNo, sid, buyer, mintedAtMs };
}

function toBought(refusal: { refused: string; opensAtMs?: number }): Bought {
  switch (refusal.refused) {
    case 'NOT_OPEN':
      return { kind: 'not_open', opensAtMs: refusal.opensAtMs ?? 0 };
    case 'PAUSED':
      return { kind: 'paused' };
    case 'CLOSED':
      return { kind: 'closed' };
    default:
      return { kind: 'no_such_stock' };
  }
}

/**
 * Sends the order, and once more as a repeat when the answer was lost: the first may have arrived. Null: the log has it, and the
 * decision follows.
 */
async function send(dependencies: BuyDependencies, request: BuyRequest): Promise<Bought | null> {
  const { placeOrder, undecided } = dependencies;
  const order = { ...numberOf(request), repeat: request.repeat };
  const first = await placeOrder(order).catch((error: unknown) => (error instanceof QueueFullError ? 'full' : null));
  if (first === 'full') return { kind: 'busy' };
  const placed = first ?? (await placeOrder({ ...order, repeat: true }).catch(() => null));
  // The first may be on the log all the same: what refuses the second is no answer for both.
  if (!first && placed?.placement.startsWith('REFUSED_')) return { kind: 'unavailable' };
  switch (placed?.placement) {
    case 'APPENDED':
      undecided.keep(numberOf(request));
      return null;
    case 'DECIDED':
      return placed.decided ? { kind: 'decided', decided: toDecided(placed.decided) } : { kind: 'unavailable' };
    case 'REFUSED_SOLD_OUT':
      return soldOut(dependencies, request);
    case 'REFUSED_NOT_OPEN':
      return { kind: 'not_open', opensAtMs: placed.opensAtMs };
    case 'REFUSED_PAUSED':
      return { kind: 'paused' };
    case 'REFUSED_CLOSED':
      return { kind: 'closed' };
    case 'REFUSED_NO_SUCH_STOCK':
    case 'REFUSED_MISFIT':
      return { kind: 'no_such_stock' };
    case 'REFUSED_BUSY':
      return { kind: 'busy' };
    default:
      return { kind: 'unavailable' };
  }
}

/** Told by the worker; or else, when the time is up, asked for once. */
async function waitForDecision(
  { clock, readDecision, undecided }: BuyDependencies,
  { orderNo }: BuyRequest,
  heard: Promise<DecidedOrder>,
  untilMs: number,
): Promise<Bought> {
  const told = await firstWithin(clock, untilMs - clock.nowMs(), heard);
  const decided =
    told === TOO_LATE
      ? await firstWithin(
          clock,
          LAST_LOOK_MS,
          readDecision(orderNo).catch(() => null),
        )
      : told;
  if (!decided || decided === TOO_LATE) return { kind: 'pending' };
  undecided.forget(orderNo);
  return { kind: 'decided', decided };
}

/** What the work resolves with, or TOO_LATE. The work goes on. */
function firstWithin<T>(clock: Clock, delayMs: number, work: Promise<T>): Promise<T | typeof TOO_LATE> {
  return settleWithin<T | typeof TOO_LATE>(clock, Math.max(0, delayMs), work, (resolve) => resolve(TOO_LATE));
}
