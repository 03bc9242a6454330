import type { Session } from '../../../db/mysql/database.ts';
import { countPaidOrders, readPaidOrderNos } from '../../../db/orders/lists/paid-orders.ts';
import { findWindowRefusal } from '../../../db/orders/sale-window.ts';
import { refundOrder } from '../../../db/payments/refund-order.ts';
import { recordNothing } from '../../../db/stocks/admin-action-table.ts';
import { readStocks } from '../../../db/stocks/stock-table.ts';
import type { OrderServiceHandlers } from '../../../proto/gen/flashsale/v1/OrderService.ts';
import type { RefundFailureInput } from '../../../proto/gen/flashsale/v1/RefundFailure.ts';
import { realClock } from '../../../proto/process/clock.ts';
import { checkStockId } from '../check-request.ts';
import { CallError, describeFault } from '../describe-fault.ts';
import { recordChange } from '../record-change.ts';
import { checkReason } from './check-payment.ts';
import type { OrderServiceOptions } from './order-service-options.ts';

const MAX_REFUNDS = 200;
/** Orders that cannot be refunded are passed over, so that they do not keep the others from it. */
const MAX_FAILURES = 50;
/** Of the 2.8 s that the caller waits. */
const WORK_MS = 1500;

type Options = Pick<OrderServiceOptions, 'database' | 'limitList' | 'onReturn' | 'answer' | 'warn' | 'pace'>;

/** The rpc that refunds the paid orders of a stock, each in a transaction of its own. A repeated call goes on with those that are left. */
export function createRefundStockCall(options: Options): Pick<OrderServiceHandlers, 'RefundStock'> {
  const { database, limitList, onReturn, answer, warn, pace } = options;
  const list = <T>(read: (session: Session) => Promise<T>) => limitList(() => database.session(read));

  return {
    RefundStock: answer(async (request) => {
      const sid = checkStockId('sid', request.sid);
      const reason = checkReason(request.reason);
      const record = recordChange(request.actor, 'refundStock', { reason });
      const untilMs = realClock.nowMs() + WORK_MS;
      await list((session) => checkNotSold(session, sid));
      const orderNos = await list((session) => readPaidOrderNos(session, sid, MAX_REFUNDS + MAX_FAILURES));
      const failed: RefundFailureInput[] = [];
      let refunded = 0;
      for (const orderNo of orderNos) {
        if (refunded === MAX_REFUNDS || failed.length === MAX_FAILURES || realClock.nowMs() >= untilMs) break;
        // The first refund of the call has its entry.
        const recordOnce = refunded === 0 ? (session: Session) => record(session, String(sid)) : recordNothing;
        try {
          const change = await refundOrder(database, orderNo, reason, pace, recordOnce);
          if (change.outcome === 'RESTING') {
            throw new CallError('REPLAY_RUNS', 'the log is being replayed; try again later');
          }
          // UNCHANGED: another call has refunded it since.
          if (change.outcome === 'WRONG_STATE') failed.push({ orderNo, code: 'wrong_state' });
          if (change.outcome !== 'CHANGED') continue;
          refunded += 1;
          onReturn(change.units);
        } catch (error) {
          // Other faults are not of this order: they end the call, which can be repeated.
          if (describeFault(error).reason !== 'INTERNAL') throw error;
          warn({ err: error, orderNo });
          failed.push({ orderNo, code: 'internal' });
        }
      }
      return { refunded, failed, remaining: await list((session) => countPaidOrders(session, sid)) };
    }),
  };
}

/** While a stock is sold, the returned units would be sold again. */
async function checkNotSold(session: Session, sid: number): Promise<void> {
  const [stock] = await readStocks(session, [sid]);
  if (stock?.kind !== 'sale') throw new CallError('STOCK_NOT_FOUND', `stock ${sid} does not exist`);
  if (findWindowRefusal(stock, stock.readAtMs) === null) {
    throw new CallError(
      'STOCK_ON_SALE',
      'the stock is on sale, so returned units would be sold again: pause or close it first',
    );
  }
}
