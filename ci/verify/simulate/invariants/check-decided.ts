import type { DecidedOrder } from '../../../../db/orders/decide-batch.ts';
import { CONFIRMED_ORDER_STATES } from '../../../../db/orders/order-states.ts';
import type { OrderRef } from './asked-order.ts';
import type { CheckOptions } from './check-options.ts';

const CONFIRMED_STATES = new Set<string>(CONFIRMED_ORDER_STATES);

/** Compares the decision that a buyer received with the rows. */
export function checkDecided({ database, refusedNumbers, fail }: CheckOptions) {
  return ({ orderNo, sid, buyer }: OrderRef, decided: DecidedOrder): void => {
    const row = database.rowOf('stock_order', orderNo);
    const state = row?.state ?? 'missing';
    const { decision, liveOrderNo } = decided;
    if (decided.orderNo !== orderNo) {
      fail('an answer is about the requested order', `${decided.orderNo} for ${orderNo}`);
    }
    switch (decision) {
      case 'CONFIRMED':
        if (!CONFIRMED_STATES.has(String(state))) {
          fail('a 201 is a committed row', `${orderNo} of stock ${sid} is ${state}`);
        }
        return;
      case 'SOLD_OUT':
      case 'PAUSED':
      case 'NOT_OPEN':
      case 'CLOSED':
      case 'PRICE_ABOVE_MAX':
      case 'QUANTITY_ABOVE_MAX':
      case 'ENTRY_REQUIRED':
        refusedNumbers.add(orderNo);
        if ((decided.unitsLeft ?? null) !== (row?.units_left ?? null)) {
          fail(
            'a refusal says how many are left',
            `${orderNo}: ${decided.unitsLeft}, and ${row?.units_left} in its row`,
          );
        }
        if (state !== decision.toLowerCase()) fail('a refusal is a committed row', `${orderNo} is ${state}`);
        return;
      case 'DUPLICATE': {
        const active = database.rowOf('stock_order', liveOrderNo ?? '');
        if (active?.buyer !== buyer || active.sid !== sid) {
          fail("a 200 names the buyer's order", `${liveOrderNo} for ${orderNo} of ${buyer}`);
        }
        return;
      }
      default:
        decision satisfies never;
    }
  };
}
