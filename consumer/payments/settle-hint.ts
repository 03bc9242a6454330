import type { Logger } from 'pino';
import type { SettlePaymentRequestInput } from '../../proto/gen/flashsale/v1/SettlePaymentRequest.ts';
import type { GatewayPayment, PaymentGateway, StoredPayment } from '../../proto/payments/payment-gateway.ts';
import { QueueFullError } from '../../proto/process/batcher.ts';
import { createCallLimit } from '../../proto/process/call-limit.ts';
import { type Clock, realClock, withDeadline } from '../../proto/process/clock.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import { Problem } from '../http/problem.ts';
import type { Providers } from '../providers/connect-providers.ts';

// Reads at the gateway that run at once, and that wait: the gateway sends what is refused again.
const MAX_READS = 16;
const MAX_WAITING = 16;

export type HintSettlerOptions = {
  gateway: PaymentGateway;
  providers: Pick<Providers, 'settlePayment'>;
  logger: Logger;
  clock?: Clock;
};

/** `onOrder`: called with the order's number, if the gateway names it. */
export type SettleHint = (
  find: () => Promise<StoredPayment | null>,
  onOrder?: (orderNo: string) => void,
) => Promise<{ outcome: string }>;

/**
 * Settles the payment that an event is about with what the gateway knows of it now: events come late, repeatedly and in any order. `find`:
 * which payment it is; null: none of this system. Throws a Problem if the gateway should send the event again.
 */
export function createHintSettler({ gateway, providers, logger, clock = realClock }: HintSettlerOptions): SettleHint {
  const { name, readPayment } = gateway;
  const limited = createCallLimit({ maxConcurrent: MAX_READS, maxWaiting: MAX_WAITING });

  async function read(find: () => Promise<StoredPayment | null>) {
    const payment = await find();
    if (!payment || !readPayment) return null;
    return { payment, found: await readPayment(payment) };
  }

  return async (find, onOrder) => {
    const work = () => withDeadline(clock, deadlines.GATEWAY_READ.ms, 'the gateway', read(find));
    const result = await limited(work).catch((error: unknown) => {
      if (error instanceof QueueFullError) throw new Problem('busy');
      logger.warn({ err: error }, 'payment of an event not read');
      throw new Problem('unavailable', 'The payment gateway does not answer.');
    });
    if (!result) return { outcome: 'IGNORED' };
    const { payment, found } = result;
    if (found.state === 'paid') onOrder?.(found.orderNo);
    const { outcome, repeatedEvent } = await providers.settlePayment(toRequest(name, payment, found));
    if (found.state !== 'paid') return { outcome: 'NOT_PAID' };
    if (!repeatedEvent && ['WRONG_AMOUNT', 'NO_PAYMENT', 'KEPT'].includes(outcome)) {
      const { orderNo, amountCents, currency } = found;
      logger.warn({ paymentId: payment.paymentId, orderNo, amountCents, currency, outcome }, 'payment not applied');
    }
    return { outcome };
  };
}

const states = {
  open: 'SESSION_OPEN',
  ended: 'SESSION_ENDED',
  processing: 'MONEY_PROCESSING',
} as const;

function toRequest(gateway: string, payment: StoredPayment, found: GatewayPayment): SettlePaymentRequestInput {
  const { paymentId } = payment;
  const sessionId = payment.sessionId ?? '';
  if (found.state !== 'paid') return { gateway, paymentId, sessionId, state: states[found.state] };
  const { orderNo, amountCents, currency, chargeId, refundedCents, dispute } = found;
  return {
    gateway,
    paymentId,
    sessionId,
    state: 'MONEY_PAID',
    orderNo,
    amountCents,
    currency,
    chargeId: chargeId ?? '',
    refundedCents,
    dispute: dispute ?? '',
  };
}
