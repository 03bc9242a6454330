import type { Logger } from 'pino';
import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import type { StartPaymentReply } from '../../proto/gen/flashsale/v1/StartPaymentReply.ts';
import type { PaymentGateway, PaymentSession } from '../../proto/payments/payment-gateway.ts';
import { type Clock, realClock, withDeadline } from '../../proto/process/clock.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import { inStep, type Traces } from '../../proto/traces/traces.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { PaymentCalls } from './payment-calls.ts';

/** Of a session that is not stored: the page of the sandbox. */
const UNSTORED_SESSION_MS = 3_600_000;

export type PaymentToOpen = { orderNo: string; buyer: string; returnUrl: string };

export type OpenedPayment =
  | { outcome: 'OPEN'; paymentId: string; amountCents: number; currency: string; redirectUrl: string }
  /** The buyer has no such order, or it is not decided yet. */
  | { outcome: 'NO_ORDER' }
  | { outcome: 'NOT_PAYABLE'; order: Order | null }
  /** The gateway did not answer, or the payment was settled meanwhile: the buyer can retry. */
  | { outcome: 'NOT_OPENED' };

export type PaymentOpenerOptions = {
  gateway: PaymentGateway;
  startPayment: PaymentCalls['startPayment'];
  keepSession: Providers['keepSession'];
  logger: Logger;
  clock?: Clock;
  traces?: Traces | undefined;
};

export type OpenPayment = ReturnType<typeof createPaymentOpener>;

/**
 * Opens the payment page of an order: the parameters of the session are stored before the gateway is called and its id after it; only then
 * does the buyer get the page. A stored session that is open needs no call.
 */
export function createPaymentOpener({
  gateway,
  startPayment,
  keepSession,
  logger,
  clock = realClock,
  traces,
}: PaymentOpenerOptions) {
  const { sessionSeconds } = gateway;

  async function openSession(session: PaymentSession) {
    const step = traces?.startOrderStep('open session', session.orderNo, { kind: 'client' });
    const open = () => withDeadline(clock, deadlines.GATEWAY_OPEN.ms, 'the gateway', gateway.openSession(session));
    try {
      return await inStep(step, { 'flashsale.gateway': gateway.name }, open);
    } catch (error) {
      logger.warn({ err: error, paymentId: session.paymentId, orderNo: session.orderNo }, 'payment session not opened');
      return null;
    }
  }

  return async ({ orderNo, buyer, returnUrl }: PaymentToOpen): Promise<OpenedPayment> => {
    const wanted = sessionSeconds && {
      gateway: gateway.name,
      returnUrl,
      sessionSeconds: sessionSeconds.least,
      maxSessionSeconds: sessionSeconds.most,
    };
    const started = await startPayment({ orderNo, buyer, ...wanted });
    if (started.outcome === 'NO_ORDER') return { outcome: 'NO_ORDER' };
    if (started.outcome !== 'STARTED') return { outcome: 'NOT_PAYABLE', order: started.order };
    if (wanted && started.gateway !== wanted.gateway) {
      logger.warn({ orderNo }, 'a provider of an earlier release stores no sessions');
      return { outcome: 'NOT_OPENED' };
    }
    const { paymentId, amountCents, currency } = started;
    const open = (redirectUrl: string) => ({ outcome: 'OPEN' as const, paymentId, amountCents, currency, redirectUrl });
    if (started.sessionUrl !== '') return open(started.sessionUrl);
    const opened = await openSession(sessionOf(started, orderNo, returnUrl));
    if (!opened) return { outcome: 'NOT_OPENED' };
    const { sessionId, redirectUrl } = opened;
    if (sessionId === null) return open(redirectUrl);
    const kept = await keepSession({ orderNo, paymentId, sessionId, sessionUrl: redirectUrl });
    if (kept.outcome === 'ORDER_NOT_PAYABLE') return { outcome: 'NOT_PAYABLE', order: kept.order };
    return kept.outcome === 'KEPT_SESSION' ? open(kept.sessionUrl) : { outcome: 'NOT_OPENED' };
  };
}

/** The stored parameters; those of the request where none are stored. */
function sessionOf(started: StartPaymentReply, orderNo: string, requestedReturn: string): PaymentSession {
  const { paymentId, amountCents, currency, name } = started;
  const returnUrl = started.returnUrl || requestedReturn;
  const expiresAtMs = started.sessionUntilMs || Date.now() + UNSTORED_SESSION_MS;
  return { paymentId, orderNo, amountCents, currency, returnUrl, expiresAtMs, name };
}
