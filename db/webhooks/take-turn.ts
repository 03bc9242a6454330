import type { Session, Transaction } from '../mysql/database.ts';
import { type Endpoint, lockEndpoints, readSecrets } from './endpoint-table.ts';

/** A delivery that this worker may send until its claim ends. */
export type ClaimedDelivery = {
  deliveryId: number;
  orderNo: string;
  type: string;
  body: string;
  /** This one included. */
  attempts: number;
};

/**
 * What a call did. `released`: the worker stopped it, and it says nothing about the endpoint. `retryAfterSeconds`: what the endpoint asks for.
 */
export type DeliveryResult = { delivery: ClaimedDelivery; status: number | null; error: string } & (
  | { outcome: 'delivered' | 'gone' | 'released' }
  | { outcome: 'failed'; retryAfterSeconds: number | null }
);

export type Turn = { endpoint: Endpoint; secrets: Buffer[]; claimed: ClaimedDelivery[] };

/** Calls of one endpoint at the same time, of all workers together. */
export const MAX_IN_FLIGHT = 10;
/** Longer than a call, and than the transaction behind it. */
const CLAIM_SECONDS = 30;
const FIRST_RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 4 * 3600;
/** From its creation, its replay, or the time at which the endpoint was made active again. */
export const RETRY_HOURS = 72;
const FIRST_PAUSE_SECONDS = 1;
const MAX_PAUSE_SECONDS = 60;
const MAX_ERROR = 200;

/** Endpoints that have something to send. */
export async function findDueEndpoints(session: Session): Promise<number[]> {
  const rows = await session.rows<{ id: number }>(
    `SELECT id FROM webhook_endpoint e WHERE state = 'active' AND (not_before IS NULL OR not_before <= NOW(3)) AND EXISTS
       (SELECT 1 FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.next_try_at <= NOW(3))`,
  );
  return rows.map(({ id }) => id);
}

/**
 * Records the results of calls of one endpoint, and claims deliveries that are due, for as many calls as the endpoint may get at once. An
 * endpoint that fails gets one call at a time, after a pause. Null: there is no such endpoint any more.
 */
export async function takeTurn(
  transaction: Transaction,
  endpointId: number,
  results: DeliveryResult[],
  { claims, random }: { claims: boolean; random(): number },
): Promise<Turn | null> {
  const [before] = await lockEndpoints(transaction, [endpointId]);
  if (!before) return null;
  for (const result of results) await recordResult(transaction, endpointId, result, random);
  await wakeNext(transaction, endpointId, results);
  const endpoint = await recordHealth(transaction, before, results, random);
  const claimed = claims ? await claimDue(transaction, endpoint) : [];
  return { endpoint, secrets: claimed.length > 0 ? await readSecrets(transaction, endpointId) : [], claimed };
}

async function recordResult(
  transaction: Transaction,
  endpointId: number,
  result: DeliveryResult,
  random: () => number,
): Promise<void> {
  const { delivery, outcome, status } = result;
  const error = outcome === 'delivered' ? null : [...result.error].slice(0, MAX_ERROR).join('');
  const { deliveryId, attempts } = delivery;
  // A worker that froze during its call finds that another one has tried since, unless the call succeeded: that is true in any case.
  const own = `WHERE id = ? AND state = 'pending' AND attempts = ${Number(attempts)}`;
  const ends = `next_try_at = NULL, claimed_until = NULL, ended_at = NOW(3), last_status = ?, last_error = ?`;
  switch (outcome) {
    case 'delivered':
      await transaction.change(
        `UPDATE webhook_delivery SET state = 'delivered', ${ends} WHERE id = ? AND state = 'pending'`,
        [status, error, deliveryId],
      );
      return;
    case 'gone':
      await transaction.change(`UPDATE webhook_delivery SET state = 'dead', ${ends} ${own}`, [
        status,
        error,
        deliveryId,
      ]);
      return;
    case 'released':
      await transaction.change(
        `UPDATE webhook_delivery SET next_try_at = NOW(3), claimed_until = NULL, attempts = attempts - 1 ${own}`,
        [deliveryId],
      );
      return;
    case 'failed': {
      const seconds = Math.max(retrySeconds(attempts, random), result.retryAfterSeconds ?? 0);
      const isLate = `GREATEST(due_since, COALESCE((SELECT resumed_at FROM webhook_endpoint WHERE id = ?), due_since))
        + INTERVAL ${RETRY_HOURS} HOUR < NOW(3) + INTERVAL ? SECOND`;
      const dead = await transaction.change(
        `UPDATE webhook_delivery SET state = 'dead', ${ends} ${own} AND ${isLate}`,
        [status, error, deliveryId, endpointId, seconds],
      );
      if (dead > 0) return;
      await transaction.change(
        `UPDATE webhook_delivery SET next_try_at = NOW(3) + INTERVAL ? SECOND, claimed_until = NULL, last_status = ?,
           last_error = ? ${own}`,
        [seconds, status, error, deliveryId],
      );
      return;
    }
    default:
      result satisfies never;
  }
}

/** Doubles from 5 s to 4 h. */
export function retrySeconds(attempts: number, random: () => number): number {
  const seconds = Math.min(FIRST_RETRY_SECONDS * 2 ** Math.min(attempts - 1, 30), MAX_RETRY_SECONDS);
  return spread(seconds, random);
}

/** A quarter more or less, so that what failed together is not tried together. */
function spread(seconds: number, random: () => number): number {
  return seconds * (0.75 + 0.5 * random());
}

/** The next event of an order is due when the one before it has ended. */
async function wakeNext(transaction: Transaction, endpointId: number, results: DeliveryResult[]): Promise<void> {
  const orderNos = [...new Set(results.map(({ delivery }) => delivery.orderNo))];
  if (orderNos.length === 0) return;
  const next = await transaction.rows<{ id: number }>(
    `SELECT MIN(id) AS id FROM webhook_delivery WHERE endpoint_id = ? AND order_no IN (?) AND state = 'pending'
     GROUP BY order_no HAVING SUM(next_try_at IS NOT NULL) = 0`,
    [endpointId, orderNos],
  );
  if (next.length === 0) return;
  await transaction.change('UPDATE webhook_delivery SET next_try_at = NOW(3) WHERE id IN (?)', [
    next.map(({ id }) => id),
  ]);
}

/** An endpoint that delivers is healthy; one whose calls all failed is paused, longer each time. 410 disables it. */
async function recordHealth(
  transaction: Transaction,
  endpoint: Endpoint,
  results: DeliveryResult[],
  random: () => number,
): Promise<Endpoint> {
  const { endpointId } = endpoint;
  const outcomes = new Set(results.map(({ outcome }) => outcome));
  if (outcomes.has('gone')) {
    await transaction.change(`UPDATE webhook_endpoint SET state = 'disabled' WHERE id = ?`, [endpointId]);
    return { ...endpoint, state: 'disabled' };
  }
  if (outcomes.has('delivered')) {
    if (endpoint.failures > 0) {
      await transaction.change('UPDATE webhook_endpoint SET failures = 0, not_before = NULL WHERE id = ?', [
        endpointId,
      ]);
    }
    return { ...endpoint, failures: 0 };
  }
  if (!outcomes.has('failed')) return endpoint;
  const asked = results.map((result) => (result.outcome === 'failed' ? (result.retryAfterSeconds ?? 0) : 0));
  const pause = Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.min(endpoint.failures, 10), MAX_PAUSE_SECONDS);
  await transaction.change(
    `UPDATE webhook_endpoint SET failures = failures + 1, not_before = NOW(3) + INTERVAL ? SECOND WHERE id = ?`,
    [Math.max(spread(pause, random), ...asked), endpointId],
  );
  return { ...endpoint, failures: endpoint.failures + 1 };
}

async function claimDue(transaction: Transaction, { endpointId, failures }: Endpoint): Promise<ClaimedDelivery[]> {
  const [now] = await transaction.rows<{ isOpen: number; inFlight: number }>(
    `SELECT state = 'active' AND (not_before IS NULL OR not_before <= NOW(3)) AS isOpen,
       (SELECT COUNT(*) FROM webhook_delivery WHERE endpoint_id = ? AND claimed_until > NOW(3)) AS inFlight
     FROM webhook_endpoint WHERE id = ?`,
    [endpointId, endpointId],
  );
  const room = (failures > 0 ? 1 : MAX_IN_FLIGHT) - Number(now?.inFlight ?? 0);
  if (now?.isOpen !== 1 || room <= 0) return [];
  const due = await transaction.rows<ClaimedDelivery>(
    `SELECT id AS deliveryId, order_no AS orderNo, type, body, attempts + 1 AS attempts FROM webhook_delivery
     WHERE endpoint_id = ? AND next_try_at <= NOW(3) ORDER BY next_try_at, id LIMIT ?`,
    [endpointId, room],
  );
  if (due.length === 0) return [];
  await transaction.change(
    `UPDATE webhook_delivery SET next_try_at = NOW(3) + INTERVAL ${CLAIM_SECONDS} SECOND,
       claimed_until = NOW(3) + INTERVAL ${CLAIM_SECONDS} SECOND, attempts = attempts + 1 WHERE id IN (?)`,
    [due.map(({ deliveryId }) => deliveryId)],
  );
  return due.map((delivery) => ({ ...delivery, attempts: Number(delivery.attempts) }));
}
