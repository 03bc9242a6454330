import type { Logger } from 'pino';
import type { Database } from '../db/mysql/database.ts';
import { claimRefunds, type DueRefund, finishRefund } from '../db/payments/payment-table.ts';
import type { PaymentGateway } from '../proto/payments/payment-gateway.ts';
import { type Clock, withDeadline } from '../proto/process/clock.ts';
import { deadlines } from '../proto/settings/deadlines.ts';

export type RefundOptions = { database: Database; gateway: PaymentGateway; logger: Logger; clock: Clock };

// 10 at once, each for 5 s at most: far less than the 30 s for which a claim is ours alone.
const AT_ONCE = 10;
const FIRST_PAUSE_SECONDS = 30;
const LONGEST_PAUSE_SECONDS = 3600;

/**
 * Asks the gateway for the refunds whose time has come, 10 at most. One that fails is asked for again after 30 s, a minute,
 * two and so on up to an hour, for ever: the money is the buyer's. True: there may be more.
 */
export async function refundPayments({ database, gateway, logger, clock }: RefundOptions): Promise<boolean> {
  const due = await database.transaction(async (transaction) => {
    const claimed = await claimRefunds(transaction, AT_ONCE, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS);
    return claimed.length > 0 ? claimed : transaction.rollBack([]);
  });
  if (due.length === 0) return false;

  async function giveBack({ paymentId, orderNo, amountCents, currency, tries }: DueRefund): Promise<boolean> {
    try {
      const call = gateway.refund({ paymentId, amountCents, currency });
      await withDeadline(clock, deadlines.REFUND.ms, 'the gateway', call);
      await database.session((session) => finishRefund(session, paymentId));
      logger.info({ paymentId, orderNo, amountCents, currency }, 'refunded');
      return true;
    } catch (error) {
      logger.warn({ err: error, paymentId, orderNo, tries: tries + 1 }, 'not refunded yet, again later');
      return false;
    }
  }

  const given = await Promise.all(due.map(giveBack));
  // At the pace of the gateway while it works, and once a second when it does not.
  return due.length === AT_ONCE && given.every(Boolean);
}
