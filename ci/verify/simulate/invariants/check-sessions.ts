import type { Change } from '../servers/database/transactions.ts';
import type { SimulatedGateway } from '../servers/gateway/simulated-gateway.ts';
import type { CheckOptions } from './check-options.ts';

const HELD_MS = 60_000;

export type SessionChecks = {
  committed(changes: Change[]): void;
  /** A buyer received this payment page. */
  sawPage(paymentId: string): void;
  /** Money at the gateway that has neither paid an order nor gone back, and sessions that have not ended. */
  unsettled(): string[];
};

/** Compares the payments with what their gateway knows. */
export function createSessionChecks(
  { database, fail }: Pick<CheckOptions, 'database' | 'fail'>,
  gateway: SimulatedGateway,
): SessionChecks {
  function checkExpired(orderNo: unknown): void {
    for (const payment of database.rowsOf('payment')) {
      if (payment.order_no !== orderNo || payment.session_id === null || payment.state !== 'started') continue;
      const state = gateway.accounts.get(String(payment.payment_id))?.state;
      if (state === 'open' || state === 'processing') {
        fail('no order expires while its payment page is open', `${orderNo}: ${payment.payment_id} is ${state}`);
      }
      const endedAt = payment.session_ended_at;
      if (!(endedAt instanceof Date) || database.nowMs() - endedAt.getTime() < HELD_MS) {
        fail('no order expires within a minute after the end of its page', `${orderNo}: ${payment.payment_id}`);
      }
    }
  }

  return {
    committed(changes) {
      for (const { table, before, after } of changes) {
        if (table === 'stock_order' && after?.state === 'expired' && before?.state !== 'expired') {
          checkExpired(after.order_no);
        }
      }
    },
    sawPage(paymentId) {
      if (!database.rowOf('payment', paymentId)?.session_id) {
        fail('a buyer sees the page of a stored session only', `${paymentId} has none`);
      }
    },
    unsettled() {
      const open = database
        .rowsOf('payment')
        .filter(({ state, session_next_at: nextAt }) => state === 'started' && nextAt !== null)
        .map(({ payment_id: id }) => `the session of ${id} is open`);
      const money = [...gateway.accounts].flatMap(([paymentId, { session, state, refundedCents }]) => {
        if (state === 'processing') return [`${paymentId} is processing`];
        if (state !== 'paid') return [];
        const payment = database.rowOf('payment', paymentId);
        const order = database.rowOf('stock_order', session.orderNo);
        const hasGoods = payment?.state === 'paid' && order?.state === 'paid' && refundedCents === 0;
        const isReturned = payment?.state === 'refunded' && refundedCents === session.amountCents;
        if (hasGoods || isReturned) return [];
        return [`${paymentId}: ${payment?.state} of an order ${order?.state}, ${refundedCents} refunded`];
      });
      return [...open, ...money];
    },
  };
}
