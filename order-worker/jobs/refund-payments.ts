import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import { claimRefunds, type DueRefund, finishRefund } from '../../db/payments/payment-table.ts';
import type { PaymentGateway } from '../../proto/payments/payment-gateway.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';

export type RefundOptions = { database: Database; gateway: PaymentGateway; logger: Logger; clock: Clock };

// 10 calls of at most 5 s: far less than the 30 s for which a claim is exclusive.
const MAX_REFUNDS = 10;
const FIRST_PAUSE_SECONDS = 30;
const MAX_PAUSE_SECONDS = 3600;

/**
 * Sends the refunds that are due to the gateway, at most 10. A failed refund is sent again after 30 s, a minute, two and so on up to an
 * hour, without end. True: there may be more.
 */
export async function refundPayments({ database, gateway, logger, clock }: RefundOptions): Promise<boolean> {
  const due = await database.transaction(async (transaction) => {
    const claimed = await claimRefunds(transaction, MAX_REFUNDS, FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS);
    return claimed.length > 0 ? claimed : transaction.rollBack([]);
  });
  if (due.length === 0) return false;

  async function refund({ paymentId, orderNo, amountCents, currency, tries }: DueRefund): Promise<boolean> {
    try {
      const call = gateway.refund({ paymentId, amountCents, currency });
      await withDeadline(clock, deadlines.REFUND.ms, 'the gateway', call);
      await database.session((session) => finishRefund(session, paymentId));
      logger.info({ paymentId, orderNo, amountCents, currency }, 'payment refunded');
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
