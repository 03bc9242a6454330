import assert from 'node:assert/strict';
import type { StoredPayment } from '../../proto/payments/payment-gateway.ts';
import type { Session } from '../mysql/database.ts';
import type { NewPayment, PaymentState, SessionParameters } from './payment-table.ts';

/** A session that is stored: buyers may have seen its page. */
export type KeptSession = { sessionId: string; sessionUrl: string };

/** A payment that is started, with the session of its gateway. */
export type StartedPayment = NewPayment & { kept: KeptSession | null; endedAtMs: number | null };

type StartedRow = Omit<NewPayment, 'session'> & {
  gateway: string | null;
  returnUrl: string | null;
  until: Date | null;
  sessionId: string | null;
  sessionUrl: string | null;
  endedAt: Date | null;
};

const SELECT = `SELECT payment_id AS paymentId, order_no AS orderNo, amount_cents AS amountCents, currency, gateway,
  return_url AS returnUrl, session_until AS until, session_id AS sessionId, session_url AS sessionUrl,
  session_ended_at AS endedAt FROM payment`;

/** The started payments of orders, oldest first. The caller has locked the orders. */
export async function readStartedPayments(session: Session, orderNos: string[]): Promise<StartedPayment[]> {
  if (orderNos.length === 0) return [];
  const rows = await session.rows<StartedRow>(
    // By the orders: by the state it would read the started payments of all orders, where the statistics are from before the opening.
    `${SELECT} FORCE INDEX (payments_of_order) WHERE order_no IN (?) AND state = 'started' ORDER BY create_time, payment_id`,
    [orderNos],
  );
  return rows.map(toStarted);
}

function toStarted(row: StartedRow): StartedPayment {
  const { gateway, returnUrl, until, sessionId, sessionUrl, endedAt, ...payment } = row;
  const session: SessionParameters | null =
    gateway === null ? null : { gateway, returnUrl: returnUrl ?? '', untilMs: until?.getTime() ?? 0 };
  const kept = sessionId === null ? null : { sessionId, sessionUrl: sessionUrl ?? '' };
  return { ...payment, session, kept, endedAtMs: endedAt?.getTime() ?? null };
}

/** Stores the session of a started payment. The caller has locked its order. */
export async function storeSession(
  session: Session,
  paymentId: string,
  { sessionId, sessionUrl }: KeptSession,
  firstCheckAtMs: number,
): Promise<void> {
  const changed = await session.change(
    `UPDATE payment SET session_id = ?, session_url = ?, session_next_at = ?
     WHERE payment_id = ? AND state = 'started' AND session_id IS NULL`,
    [sessionId, sessionUrl, new Date(firstCheckAtMs), paymentId],
  );
  assert.equal(changed, 1);
}

/** An order is held for this time after the end of its session. */
export const HELD_SECONDS = 60;
const RETRY_SECONDS = 60;

/** Notes that a session has ended without money, and settles it after HELD_SECONDS, when it is read once more. */
export async function endSession(session: Session, paymentId: string): Promise<void> {
  const ended = await session.change(
    `UPDATE payment SET session_ended_at = NOW(3), session_next_at = NOW(3) + INTERVAL ? SECOND
     WHERE payment_id = ? AND state = 'started' AND session_ended_at IS NULL`,
    [HELD_SECONDS, paymentId],
  );
  if (ended === 1) return;
  await session.change(
    `UPDATE payment SET session_next_at = NULL
     WHERE payment_id = ? AND session_ended_at <= NOW(3) - INTERVAL ? SECOND`,
    [paymentId, HELD_SECONDS],
  );
}

export type MoneyAtGateway = {
  gateway: string;
  sessionId: string | null;
  chargeId: string | null;
  returnedCents: number;
  dispute: string | null;
};

/** Notes what the gateway knows of the money of a payment, which settles its session. `again`: it is read again in a minute. */
export async function noteMoney(
  session: Session,
  paymentId: string,
  { gateway, sessionId, chargeId, returnedCents, dispute }: MoneyAtGateway,
  again: boolean,
): Promise<void> {
  await session.change(
    `UPDATE payment SET gateway = COALESCE(gateway, ?), session_id = COALESCE(session_id, ?),
       charge_id = COALESCE(?, charge_id), returned_cents = GREATEST(COALESCE(returned_cents, 0), ?), dispute = ?,
       session_next_at = NOW(3) + INTERVAL ? SECOND
     WHERE payment_id = ? AND state <> 'started'`,
    [gateway, sessionId, chargeId, returnedCents, dispute, again ? RETRY_SECONDS : null, paymentId],
  );
}

/** A session whose gateway is to be asked. */
export type DueSession = StoredPayment & {
  orderNo: string;
  state: PaymentState;
  createdAt: Date;
  endedAt: Date | null;
  /** Earlier claims. */
  tries: number;
};

/** Claims due sessions of a gateway, oldest first, for `leaseSeconds`. */
export async function claimSessions(
  session: Session,
  gateway: string,
  limit: number,
  leaseSeconds: number,
): Promise<DueSession[]> {
  const due = await session.rows<DueSession>(
    `SELECT payment_id AS paymentId, order_no AS orderNo, state, session_id AS sessionId, charge_id AS chargeId,
       create_time AS createdAt, session_ended_at AS endedAt, session_tries AS tries
     FROM payment FORCE INDEX (sessions_due) WHERE session_next_at <= NOW(3) AND gateway = ?
     ORDER BY session_next_at LIMIT ? FOR UPDATE SKIP LOCKED`,
    [gateway, limit],
  );
  if (due.length === 0) return [];
  await session.change(
    `UPDATE payment SET session_next_at = NOW(3) + INTERVAL ? SECOND, session_tries = session_tries + 1
     WHERE payment_id IN (?)`,
    [leaseSeconds, due.map(({ paymentId }) => paymentId)],
  );
  return due;
}

/** Plans the next look at a session that this claim has not settled. One that became due meanwhile, or was claimed again, stays so. */
export async function planSession(
  session: Session,
  { paymentId, tries }: DueSession,
  pauseSeconds: number,
): Promise<void> {
  await session.change(
    `UPDATE payment SET session_next_at = NOW(3) + INTERVAL ? SECOND
     WHERE payment_id = ? AND session_tries = ? AND session_next_at > NOW(3)`,
    [pauseSeconds, paymentId, tries + 1],
  );
}
