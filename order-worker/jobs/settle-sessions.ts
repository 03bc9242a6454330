import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import { type Order, readOrders } from '../../db/orders/order-table.ts';
import type { RecordedPayment } from '../../db/payments/judge-events.ts';
import { claimSessions, type DueSession, planSession } from '../../db/payments/session-table.ts';
import { settlePayment } from '../../db/payments/settle-payment.ts';
import type { UnitsAfter } from '../../db/stocks/stock-table.ts';
import type { GatewayPayment, PaymentGateway } from '../../proto/payments/payment-gateway.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { inStep, type Traces } from '../../proto/traces/traces.ts';
import { askGateway, overSinceMs } from './ask-gateway.ts';

export type SessionJobOptions = {
  database: Database;
  gateway: PaymentGateway;
  /** Called after a COMMIT that returned a unit. */
  onReturn(units: UnitsAfter): void;
  /** Called with each payment that is recorded. */
  onPayment(recorded: RecordedPayment): void;
  logger: Logger;
  clock: Clock;
  random(): number;
  traces?: Traces | undefined;
};

// 10 calls of at most 5 s: far less than the 30 s for which a claim is exclusive.
const MAX_SESSIONS = 10;
const LEASE_SECONDS = 30;
const FIRST_CHECK_SECONDS = 60;
const FIRST_RETRY_SECONDS = 5;
const MAX_PAUSE_SECONDS = 3600;

/**
 * Asks the gateway about the sessions that are due, at most 10, and settles what it knows. A session is read while its order awaits payment,
 * so that an order whose event was lost is paid without it, and ended when the order is over. True: there may be more.
 */
export async function settleSessions(options: SessionJobOptions): Promise<boolean> {
  const { database, gateway, clock, random, onPayment, onReturn, logger, traces } = options;
  const due = await database.transaction(async (transaction) => {
    const claimed = await claimSessions(transaction, gateway.name, MAX_SESSIONS, LEASE_SECONDS);
    return claimed.length > 0 ? claimed : transaction.rollBack([]);
  });
  if (due.length === 0) return false;
  const orderNos = due.map(({ orderNo }) => orderNo);
  const orders = new Map(
    (await database.session((session) => readOrders(session, orderNos))).map((order) => [order.orderNo, order]),
  );

  async function settleAsked({ paymentId, sessionId, orderNo }: DueSession, asked: Promise<GatewayPayment>) {
    const step = traces?.startOrderStep('check session', orderNo);
    const work = async () => {
      const call = step?.startStep('call gateway', { kind: 'client' });
      const found = await inStep(call, { 'flashsale.gateway': gateway.name }, () => asked);
      const settlement = { gateway: gateway.name, paymentId, sessionId, found };
      return { found, ...(await settlePayment(database, settlement, { clock, random })) };
    };
    return inStep(step, {}, work, ({ found, recorded }) => ({
      'flashsale.session': found.state,
      ...(recorded && { 'flashsale.outcome': recorded.outcome }),
    }));
  }

  async function settle(session: DueSession): Promise<boolean> {
    const { paymentId, orderNo, tries } = session;
    const order = orders.get(orderNo);
    try {
      const asked = askGateway(gateway, clock, session, order);
      if (!asked) return false;
      const { found, recorded, units } = await settleAsked(session, asked);
      if (recorded) onPayment(recorded);
      if (units) onReturn(units);
      logger.info({ paymentId, orderNo, state: found.state, outcome: recorded?.outcome }, 'payment session checked');
      const isOpen = found.state === 'open' || found.state === 'processing' || recorded?.outcome === 'NO_PAYMENT';
      if (isOpen) await plan(session, order);
      return true;
    } catch (error) {
      logger.warn({ err: error, paymentId, orderNo, tries: tries + 1 }, 'payment session not checked; retrying later');
      await plan(session, order).catch(() => undefined);
      return false;
    }
  }

  const plan = (session: DueSession, order: Order | undefined) =>
    database.session((connection) => planSession(connection, session, pauseSeconds(session, order)));

  const settled = await Promise.all(due.map(settle));
  // Without a pause while the gateway works; otherwise once a second.
  return due.length === MAX_SESSIONS && settled.every(Boolean);
}

/** Each pause is as long as the time before it, so they double: from a minute, and not beyond `pay_by`; then from 5 s. */
function pauseSeconds({ createdAt }: DueSession, order: Order | undefined): number {
  if (!order) return FIRST_CHECK_SECONDS;
  const { readAtMs, payByMs } = order;
  const overMs = overSinceMs(order);
  if (overMs !== null) return clamp((readAtMs - overMs) / 1000, FIRST_RETRY_SECONDS, MAX_PAUSE_SECONDS);
  const pause = clamp((readAtMs - createdAt.getTime()) / 1000, FIRST_CHECK_SECONDS, MAX_PAUSE_SECONDS);
  return payByMs === null ? pause : Math.min(pause, Math.max(0, payByMs - readAtMs) / 1000);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
