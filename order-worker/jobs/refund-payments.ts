import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import {
  claimRefunds,
  type DueRefund,
  finishRefund,
  noteRefundFailure,
  noteRefundPending,
} from '../../db/payments/refund-table.ts';
import type { PaymentGateway, RefundResult } from '../../proto/payments/payment-gateway.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import { inStep, type Traces } from '../../proto/traces/traces.ts';

export type RefundOptions = {
  database: Database;
  gateway: PaymentGateway;
  logger: Logger;
  clock: Clock;
  traces?: Traces | undefined;
};

// 10 calls of at most 5 s: far less than the 30 s for which a claim is exclusive.
const MAX_REFUNDS = 10;
const FIRST_PAUSE_SECONDS = 30;
const MAX_PAUSE_SECONDS = 3600;

/**
 * Sends the refunds that are due to the gateway, at most 10. A refund that is pending, or whose call failed, is sent again after 30 s, a
 * minute, two and so on up to an hour, without end. One that the gateway refuses is left to a person. True: there may be more.
 */
export async function refundPayments({ database, gateway, logger, clock, traces }: RefundOptions): Promise<boolean> {
  const due = await database.transaction(async (transaction) => {
    const claimed = await claimRefunds(transaction, {
      gateway: gateway.name,
      limit: MAX_REFUNDS,
      leaseSeconds: FIRST_PAUSE_SECONDS,
      maxSeconds: MAX_PAUSE_SECONDS,
    });
    return claimed.length > 0 ? claimed : transaction.rollBack([]);
  });
  if (due.length === 0) return false;

  async function send({ orderNo, ...request }: DueRefund): Promise<RefundResult> {
    const step = traces?.startOrderStep('refund payment', orderNo);
    const call = () => withDeadline(clock, deadlines.REFUND.ms, 'the gateway', gateway.refund(request));
    const about = { 'flashsale.gateway': gateway.name };
    const work = async () => {
      const result = await inStep(step?.startStep('call gateway', { kind: 'client' }), about, call);
      await noteResult(database, request.paymentId, result);
      return result;
    };
    return inStep(step, { 'flashsale.try': request.tries + 1 }, work, ({ state }) => ({ 'flashsale.outcome': state }));
  }

  async function refund(due: DueRefund): Promise<boolean> {
    const { orderNo, paymentId, amountCents, currency, tries } = due;
    try {
      const result = await send(due);
      const about = { paymentId, orderNo, amountCents, currency };
      if (result.state === 'refunded') logger.info(about, 'payment refunded');
      else if (result.state === 'failed') logger.error({ ...about, reason: result.reason }, 'refund refused');
      else logger.info(about, 'refund pending');
      return true;
    } catch (error) {
      logger.warn({ err: error, paymentId, orderNo, tries: tries + 1 }, 'refund failed; retrying later');
      return false;
    }
  }

  const refunded = await Promise.all(due.map(refund));
  // Without a pause while the gateway works; otherwise once a second.
  return due.length === MAX_REFUNDS && refunded.every(Boolean);
}

/** Stores the gateway's answer. */
export async function noteResult(database: Database, paymentId: string, result: RefundResult): Promise<void> {
  await database.session(async (session) => {
    switch (result.state) {
      case 'refunded':
        await finishRefund(session, paymentId);
        return;
      case 'pending':
        await noteRefundPending(session, paymentId);
        return;
      case 'failed':
        await noteRefundFailure(session, paymentId, result.reason);
        return;
      default:
        return result satisfies never;
    }
  });
}
