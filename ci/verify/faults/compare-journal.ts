import type { Exchange } from './journal.ts';

/** A row of the order's table, as MySQL has it in the end. */
export type OrderRow = { orderNo: string; buyer: string; state: string; liveOrderNo: string | null };

const LIVE = ['awaiting_payment', 'paid'];
const CONFIRMED = [...LIVE, 'refunded', 'expired', 'cancelled'];
const isOrder = ({ ask }: Exchange) => ask.method === 'POST' && /^\/api\/v1\/stocks\/\d+\/orders$/.test(ask.path);
const isPoll = ({ ask }: Exchange) => ask.method === 'GET' && ask.path.startsWith('/api/v1/orders/');

/**
 * What buyers were told against the rows: each broken promise in a line. No 201 without a row, no 410 that was confirmed all the
 * same, every 202 answered, one live order for each buyer.
 */
export function compareJournal(exchanges: Exchange[], rows: OrderRow[]): string[] {
  const byNumber = new Map(rows.map((row) => [row.orderNo, row]));
  const breaches: string[] = [];
  for (const exchange of exchanges) {
    if (!exchange.answer) breaches.push(`${describe(exchange)}: neither answered nor given up`);
    else if (isOrder(exchange)) breaches.push(...judgeOrder(exchange, byNumber));
    else if (isPoll(exchange)) breaches.push(...judgePoll(exchange, byNumber));
  }
  const buyers = Map.groupBy(exchanges, ({ ask }) => ask.buyer);
  const rowsOf = Map.groupBy(rows, ({ buyer }) => buyer);
  for (const [buyer, own] of buyers) {
    breaches.push(...findUnanswered(own).map((one) => `${describe(one)}: no answer`));
    breaches.push(...findHiddenUnit(buyer, own, rowsOf.get(buyer) ?? []));
  }
  for (const [buyer, own] of rowsOf) {
    const live = own.filter(({ state }) => LIVE.includes(state));
    if (live.length > 1) breaches.push(`${buyer} has ${live.length} live orders`);
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
  const says = (wanted: string) => [`${describe(exchange)}: ${wanted}, the row says ${row?.state ?? 'nothing'}`];
  switch (answer?.status) {
    case 200:
    case 201:
      if (!row || !CONFIRMED.includes(row.state)) return says('confirmed');
      return row.buyer === ask.buyer ? [] : [`${describe(exchange)}: the row is of ${row.buyer}`];
    case 202:
      return row ? [] : says('an answer was promised');
    case 410:
      // Without a number it is everybody's; what that may not hide is looked at for the buyer.
      return answer.orderNo === '' || row?.state === 'sold_out' ? [] : says('sold out');
    default:
      return [];
  }
}

/** A decision that a poll told is the row's, also later. */
function judgePoll(exchange: Exchange, rows: Map<string, OrderRow>): string[] {
  const { answer } = exchange;
  if (answer?.status !== 200 || answer.state === 'pending') return [];
  const state = rows.get(answer.orderNo)?.state ?? 'nothing';
  const found = CONFIRMED.includes(state) ? 'CONFIRMED' : state.toUpperCase();
  if (found === answer.decision) return [];
  return [`${describe(exchange)}: ${answer.decision}, the row says ${state}`];
}

/** Orders of one buyer that were answered 202 and then never with a decision. */
export function findUnanswered(own: Exchange[]): Exchange[] {
  const isFinal = (one: Exchange) =>
    (isOrder(one) && [200, 201, 410].includes(one.answer?.status ?? 0)) ||
    (isPoll(one) && one.answer?.status === 200 && one.answer.state !== 'pending');
  const decided = new Set(
    own.filter(isFinal).flatMap(({ ask, answer }) => [answer?.orderNo ?? '', ask.path.split('/').at(-1) ?? '']),
  );
  const promised = own.filter((one) => isOrder(one) && one.answer?.status === 202);
  return promised.filter(({ answer }) => !decided.has(answer?.orderNo ?? ''));
}

/** Somebody who was only ever told `sold out`, and has a unit. */
function findHiddenUnit(buyer: string, own: Exchange[], rows: OrderRow[]): string[] {
  const orders = own.filter(isOrder);
  const wasRefused = orders.some(({ answer }) => answer?.status === 410);
  const isDelivered = own.some(
    ({ answer }) => answer && (answer.status === 200 || answer.status === 201) && answer.orderNo !== '',
  );
  const unit = rows.find(({ state }) => CONFIRMED.includes(state));
  return wasRefused && !isDelivered && unit ? [`${buyer} was told sold out, and has ${unit.orderNo}`] : [];
}
