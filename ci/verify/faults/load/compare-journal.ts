import { isActive } from '../../sale/judge-sale.ts';
import type { Exchange } from './journal.ts';

/** A row of the table of orders after the sale. */
export type OrderRow = { orderNo: string; buyer: string; state: string };

const CONFIRMED = ['awaiting_payment', 'paid', 'refunded', 'expired', 'cancelled'];
const isOrder = ({ ask }: Exchange) => ask.method === 'POST' && /^\/api\/v1\/stocks\/\d+\/orders$/.test(ask.path);
const isPoll = ({ ask }: Exchange) => ask.method === 'GET' && ask.path.startsWith('/api/v1/orders/');

/**
 * Contradictions between the answers and the rows, one per line: each 201 has a row, no 410 was confirmed, each 202 gets a decision,
 * each buyer has at most one active order.
 */
export function compareJournal(exchanges: Exchange[], rows: OrderRow[]): string[] {
  const byNumber = new Map(rows.map((row) => [row.orderNo, row]));
  const breaches: string[] = [];
  for (const exchange of exchanges) {
    if (!exchange.answer) breaches.push(`${describe(exchange)}: neither answered nor aborted`);
    else if (isOrder(exchange)) breaches.push(...judgeOrder(exchange, byNumber));
    else if (isPoll(exchange)) breaches.push(...judgePoll(exchange, byNumber));
  }
  const buyers = Map.groupBy(exchanges, ({ ask }) => ask.buyer);
  const rowsOf = Map.groupBy(rows, ({ buyer }) => buyer);
  for (const [buyer, own] of buyers) {
    breaches.push(...findUnanswered(own).map((exchange) => `${describe(exchange)}: no final answer`));
    breaches.push(...findHiddenUnit(buyer, own, rowsOf.get(buyer) ?? []));
  }
  for (const [buyer, own] of rowsOf) {
    const active = own.filter(isActive).length;
    if (active > 1) breaches.push(`${buyer} has ${active} active orders`);
  }
  return breaches;
}

function describe({ ask, answer }: Exchange): string {
  const what = `${ask.method} ${ask.path} of ${ask.buyer}`;
  return answer ? `${what} was answered ${answer.status}${answer.orderNo && ` for ${answer.orderNo}`}` : what;
}

function judgeOrder(exchange: Exchange, rows: Map<string, OrderRow>): string[] {
  const { ask, answer } = exchange;
  const row = rows.get(answer?.orderNo ?? '');
  const breach = (expected: string) => [
    `${describe(exchange)}: expected ${expected}, the row is ${row?.state ?? 'missing'}`,
  ];
  switch (answer?.status) {
    case 200:
    case 201:
      if (!row || !CONFIRMED.includes(row.state)) return breach('confirmed');
      return row.buyer === ask.buyer ? [] : [`${describe(exchange)}: the row belongs to ${row.buyer}`];
    case 202:
      return row ? [] : breach('a decision');
    case 410:
      // Without an order number the response is cached for all buyers; findHiddenUnit checks the buyer's rows.
      return answer.orderNo === '' || row?.state === 'sold_out' ? [] : breach('sold out');
    default:
      return [];
  }
}

/** A decision in a poll's response is final. */
function judgePoll(exchange: Exchange, rows: Map<string, OrderRow>): string[] {
  const { answer } = exchange;
  if (answer?.status !== 200 || answer.state === 'pending') return [];
  const state = rows.get(answer.orderNo)?.state ?? 'missing';
  const found = CONFIRMED.includes(state) ? 'confirmed' : state;
  if (found === answer.decision) return [];
  return [`${describe(exchange)}: expected ${answer.decision}, the row is ${state}`];
}

/** Orders of one buyer that were answered with 202 and never with a decision. */
export function findUnanswered(own: Exchange[]): Exchange[] {
  const isFinal = (exchange: Exchange) =>
    (isOrder(exchange) && [200, 201, 410].includes(exchange.answer?.status ?? 0)) ||
    (isPoll(exchange) && exchange.answer?.status === 200 && exchange.answer.state !== 'pending');
  const decided = new Set(
    own.filter(isFinal).flatMap(({ ask, answer }) => [answer?.orderNo ?? '', ask.path.split('/').at(-1) ?? '']),
  );
  const accepted = own.filter((exchange) => isOrder(exchange) && exchange.answer?.status === 202);
  return accepted.filter(({ answer }) => !decided.has(answer?.orderNo ?? ''));
}

/** A buyer whose orders were only answered as sold out, and who has a unit. */
function findHiddenUnit(buyer: string, own: Exchange[], rows: OrderRow[]): string[] {
  const orders = own.filter(isOrder);
  const wasRefused = orders.some(({ answer }) => answer?.status === 410);
  const wasConfirmed = own.some(
    ({ answer }) => answer && (answer.status === 200 || answer.status === 201) && answer.orderNo !== '',
  );
  const unit = rows.find(({ state }) => CONFIRMED.includes(state));
  return wasRefused && !wasConfirmed && unit ? [`${buyer} was refused, but has ${unit.orderNo}`] : [];
}
