import { status } from '@grpc/grpc-js';
import type { PaymentsOfOrder } from '../../proto/gen/flashsale/v1/PaymentsOfOrder.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { orProblem } from '../http/to-problem.ts';
import type { Providers } from '../providers/connect-providers.ts';

type PaymentKey = { orderNo: string } | { paymentId: string };

export type PaymentReads = {
  /** The payments of the order with this number, or of the order of this payment; null: there is none. */
  find(key: PaymentKey): Promise<PaymentsOfOrder | null>;
};

const LIMITS = { maxBatch: 100, maxInFlight: 2, maxWaiting: 2000 };

/** Reads of payments; concurrent reads share one call. */
export function createPaymentReads(clock: Clock, providers: Pick<Providers, 'findPayments'>): PaymentReads {
  const find = createBatcher<PaymentKey, PaymentsOfOrder | null>({
    ...LIMITS,
    clock,
    async send(keys) {
      const orderNos = keys.flatMap((key) => ('orderNo' in key ? [key.orderNo] : []));
      const paymentIds = keys.flatMap((key) => ('paymentId' in key ? [key.paymentId] : []));
      // A provider of the release before cannot answer; the next release of it can.
      const notYet = orProblem({ [status.UNIMPLEMENTED]: 'unavailable' });
      const { orders } = await providers.findPayments({ orderNos, paymentIds }).catch(notYet);
      const byOrder = new Map(orders.map((order) => [order.orderNo, order]));
      const byPayment = new Map(
        orders.flatMap((order) => order.payments.map(({ paymentId }) => [paymentId, order] as const)),
      );
      return keys.map((key) => ('orderNo' in key ? byOrder.get(key.orderNo) : byPayment.get(key.paymentId)) ?? null);
    },
  });
  return { find };
}
