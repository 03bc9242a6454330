import type { BuyAnswer } from '../../../../consumer/orders/buy-answer.ts';
import type { OrderRef } from './asked-order.ts';
import type { CheckOptions } from './check-options.ts';

// Callers share a read under way, which may have begun a call deadline ago. A batch waits 300 ms for its stocks.
const SHARED_LOAD_MS = 3000;

/** Compares an answer without a decision with the rows. */
export function checkAnswer(options: CheckOptions) {
  const { database, sale, history, staleMs, asked, refusedNumbers, fail } = options;
  // Any row: the buyer of an offer asked for no order.
  const hasEndedOrder = (sid: number, buyer: string) =>
    database
      .rowsOf('stock_order')
      .some((row) => row.sid === sid && row.buyer === buyer && (row.state === 'cancelled' || row.state === 'expired'));
  const isLadder = (sid: number) => sale.stocks.some((stock) => stock.sid === sid && stock.kind === 'ladder');

  return ({ orderNo, sid, buyer }: OrderRef, answer: BuyAnswer, askedMs: number): void => {
    const row = database.rowOf('stock_order', orderNo);
    const known = asked.get(orderNo);
    if (known && wroteNothing(answer)) {
      known.turnedAway = true;
      if (!known.askedAgain && row) {
        fail('a refused request leaves no order', `${orderNo} of ${buyer} was answered ${nameOf(answer)}`);
      }
    }
    if (nameOf(answer) === 'NO_SUCH_STOCK' && !isLadder(sid)) fail('answers are true', `${buyer}: no stock ${sid}`);
    if (answer.kind === 'cooling' && !hasEndedOrder(sid, buyer)) {
      fail('only a buyer whose order has ended is kept out', `${buyer} of stock ${sid}`);
    }
    const { quantity = 1 } = known ?? {};
    const { maxPerOrder = 1 } = sale.stocks.find((stock) => stock.sid === sid) ?? {};
    if (nameOf(answer) === 'QUANTITY_ABOVE_MAX' && quantity <= maxPerOrder) fail('answers are true', `${orderNo}`);
    if (nameOf(answer) === 'ENTRY_REQUIRED' && sid !== sale.entries?.sid) fail('answers are true', `${orderNo}`);
    const isSoldOut = nameOf(answer) === 'SOLD_OUT';
    if (!isSoldOut && nameOf(answer) !== 'TOO_FEW_LEFT') return;
    refusedNumbers.add(orderNo);
    if (row && row.state !== 'sold_out') fail('a refused order is never confirmed', `${orderNo} is ${row.state}`);
    // The 410 goes to all buyers, so no unit may be left.
    if (!history.hadFewerSince(sid, askedMs - staleMs - SHARED_LOAD_MS, isSoldOut ? 1 : quantity)) {
      fail('a returned unit is on sale again within a second', `${buyer} got ${nameOf(answer)} for stock ${sid}`);
    }
  };
}

/** `SOLD_OUT`, `busy`, … */
export function nameOf(answer: BuyAnswer): string {
  return answer.kind === 'refused' ? answer.refused : answer.kind;
}

function wroteNothing(answer: BuyAnswer): boolean {
  return (
    answer.kind === 'busy' ||
    answer.kind === 'cooling' ||
    answer.kind === 'barred' ||
    (answer.kind === 'refused' && answer.refused !== 'NO_SUCH_STOCK')
  );
}
