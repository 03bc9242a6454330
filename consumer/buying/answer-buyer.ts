import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import type { OrderState } from '../../db/orders/order-states.ts';
import type { Refusal } from '../../db/orders/refuse-order.ts';
import { STOCK_FRESH_MS } from '../../db/stocks/stock-cache.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import { isoOrNull } from '../api/iso-or-null.ts';
import { answerProblem } from '../http/answer-problems.ts';
import type { Reply } from '../http/direct-reply.ts';
import { coolingDown, Problem, problemBody, problems, retryAfter } from '../http/problem.ts';
import type { BuyAnswer } from '../orders/buy-answer.ts';
import type { BuyRequest } from '../orders/buy-unit.ts';
import type { DeliveryMemory } from '../orders/delivery-memory.ts';
import type { OrderClient } from '../orders/order-client.ts';
import { askedDetails, orderView, unreadOrderView } from '../orders/order-view.ts';

export type AnswerDependencies = {
  orders: Pick<OrderClient, 'getOrder'>;
  metrics: Pick<Metrics, 'answered'>;
  deliveries: Pick<DeliveryMemory, 'note'>;
};

/** The problem of each refusal, whether a filter or a decision refuses. */
const PROBLEM_OF = {
  NO_SUCH_STOCK: 'stock_not_found',
  NOT_OPEN: 'not_open',
  PAUSED: 'paused',
  CLOSED: 'closed',
  SOLD_OUT: 'sold_out',
  TOO_FEW_LEFT: 'too_few_left',
  QUANTITY_ABOVE_MAX: 'quantity_above_max',
  PRICE_ABOVE_MAX: 'price_above_max',
  ENTRY_REQUIRED: 'entry_required',
} as const;
type Refused = keyof typeof PROBLEM_OF;

/** The filter's answers that are the same for all buyers, so that nginx may cache them: they name no number, buyer or request. */
const SOLD_OUT = sharedAnswer(new Problem('sold_out'));
/** The same while buyers may join a line. */
const LINE_OPEN = sharedAnswer(new Problem('sold_out', undefined, { line: 'open' }));
const ENTRY_REQUIRED = sharedAnswer(new Problem('entry_required'));

/** The one place where the answer of the order path becomes an HTTP answer. Throws a Problem for refusals. */
export async function answerBuyer(
  dependencies: AnswerDependencies,
  reply: Reply,
  order: BuyRequest,
  answer: BuyAnswer,
): Promise<unknown> {
  const { sid } = order;
  switch (answer.kind) {
    case 'decided':
      if (order.waitSeconds !== undefined) reply.header('preference-applied', `wait=${order.waitSeconds}`);
      return answerDecided(dependencies, reply, order, answer.decided);
    case 'pending':
      if (order.async || order.waitSeconds !== undefined) reply.header('preference-applied', appliedOf(order));
      reply.code(202).headers({ location: addressOf(order.orderNo), 'retry-after': '1' });
      return unreadOrderView({ orderNo: order.orderNo, sid }, askedDetails(order));
    case 'refused':
      if (answer.refused === 'SOLD_OUT') return answerAll(reply, isLineOpen(order) ? LINE_OPEN : SOLD_OUT);
      if (answer.refused === 'ENTRY_REQUIRED' && doesReadShowOffers(order)) return answerAll(reply, ENTRY_REQUIRED);
      throw refusalProblem(answer.refused, sid, limitOf(answer));
    case 'cooling':
      throw coolingDown(answer.leftMs);
    case 'barred':
      throw new Problem('admission_required');
    case 'busy':
      // Not thrown: thousands a second may get it.
      return answerProblem(new Problem('busy', undefined, {}, retryAfter(answer.retrySeconds)), reply.request, reply);
    case 'unavailable':
      throw new Problem('unavailable');
    default:
      return answer satisfies never;
  }
}

async function answerDecided(
  { orders, metrics, deliveries }: AnswerDependencies,
  reply: Reply,
  order: BuyRequest,
  { orderNo, decision, liveOrderNo, state, unitsLeft }: DecidedOrder,
): Promise<unknown> {
  const { sid, read } = order;
  metrics.answered(decision, reply.elapsedTime / 1000);
  deliveries.note(orderNo, null);
  switch (decision) {
    case 'CONFIRMED':
      // A repeat of an order that has ended is not a new order.
      if (!isActive(state)) return answerOrder(orders, reply, orderNo, sid, state);
      reply.code(201).header('location', addressOf(orderNo));
      return unreadOrderView({ orderNo, sid, state, decision }, askedDetails(order));
    case 'DUPLICATE':
      return answerOrder(orders, reply, liveOrderNo ?? orderNo, sid, 'awaiting_payment');
    case 'SOLD_OUT':
      throw unitsLeft
        ? refusalProblem('TOO_FEW_LEFT', sid, { orderNo, left: unitsLeft })
        : refusalProblem('SOLD_OUT', sid, { orderNo });
    case 'NOT_OPEN':
      throw refusalProblem(decision, sid, { orderNo, ...openingOf(read?.value?.opensAtMs) });
    case 'PAUSED':
    case 'CLOSED':
    case 'PRICE_ABOVE_MAX':
    case 'ENTRY_REQUIRED':
      throw refusalProblem(decision, sid, { orderNo });
    case 'QUANTITY_ABOVE_MAX':
      throw refusalProblem(decision, sid, { orderNo, ...(read?.value && { maxPerOrder: read.value.maxPerOrder }) });
    default:
      return decision satisfies never;
  }
}

/** An order that the buyer has, as it is now; the short form when its row cannot be read. */
async function answerOrder(
  orders: AnswerDependencies['orders'],
  reply: Reply,
  orderNo: string,
  sid: number,
  state: OrderState,
): Promise<unknown> {
  reply.code(200).header('location', addressOf(orderNo));
  const found = await orders.getOrder(orderNo).catch(() => null);
  return found ? orderView(found) : unreadOrderView({ orderNo, sid, state, decision: 'CONFIRMED' });
}

function isLineOpen({ read }: BuyRequest): boolean {
  const line = read?.value?.line;
  return line === 'open' || line === 'waiting';
}

/** "Units go to offers" is judged on a read of any age; only a fresh one is good enough for other buyers. */
function doesReadShowOffers({ read }: BuyRequest): boolean {
  return read?.value?.offersOnly === true && read.freshForMs > 0;
}

type SharedAnswer = { status: number; body: string };

function sharedAnswer(problem: Problem): SharedAnswer {
  return { status: problems[problem.code].status, body: JSON.stringify(problemBody(problem, {})) };
}

function answerAll(reply: Reply, { status, body }: SharedAnswer): Reply {
  for (const name of ['x-request-id', 'traceresponse', 'ratelimit', 'ratelimit-policy']) reply.removeHeader(name);
  reply.code(status).type('application/problem+json');
  // A unit may have been returned, or the line may have ended, during a slow answer: nginx must not give such an answer to other buyers.
  if (reply.elapsedTime < STOCK_FRESH_MS) reply.header('x-accel-expires', '1');
  return reply.send(body);
}

function refusalProblem(refused: Refused, sid: number, extra: Record<string, unknown>): Problem {
  const detail = refused === 'NO_SUCH_STOCK' ? `No such stock: ${sid}.` : undefined;
  return new Problem(PROBLEM_OF[refused], detail, extra);
}

/** What a refusal says besides its code. */
function limitOf(refusal: Refusal): Record<string, unknown> {
  switch (refusal.refused) {
    case 'NOT_OPEN':
      return openingOf(refusal.opensAtMs);
    case 'TOO_FEW_LEFT':
      return { left: refusal.left };
    case 'QUANTITY_ABOVE_MAX':
      return { maxPerOrder: refusal.maxPerOrder };
    default:
      return {};
  }
}

function openingOf(opensAtMs: number | null | undefined): { opensAt?: string } {
  const opensAt = isoOrNull(opensAtMs);
  return opensAt === null ? {} : { opensAt };
}

function isActive(state: OrderState): boolean {
  return state === 'awaiting_payment' || state === 'paid';
}

function appliedOf({ async, waitSeconds }: BuyRequest): string {
  return async ? 'respond-async' : `wait=${waitSeconds}`;
}

function addressOf(orderNo: string): string {
  return `/api/v1/orders/${orderNo}`;
}
