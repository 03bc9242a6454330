import type { Session, Transaction } from '../mysql/database.ts';
import { lockEndpoints } from './endpoint-table.ts';

export const DELIVERY_STATES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Without its body, which is the event of the order. */
export type Delivery = {
  deliveryId: number;
  endpointId: number;
  orderNo: string;
  type: string;
  state: DeliveryState;
  attempts: number;
  /** Null: it has ended, or waits for an earlier event of its order. */
  nextTryAtMs: number | null;
  lastStatus: number | null;
  lastError: string | null;
  createdAtMs: number;
  endedAtMs: number | null;
};

type DeliveryRow = Omit<Delivery, 'nextTryAtMs' | 'createdAtMs' | 'endedAtMs'> & {
  nextTryAt: Date | null;
  createTime: Date;
  endedAt: Date | null;
};

const COLUMNS = `id AS deliveryId, endpoint_id AS endpointId, order_no AS orderNo, type, state, attempts,
  next_try_at AS nextTryAt, last_status AS lastStatus, last_error AS lastError, create_time AS createTime, ended_at AS endedAt`;

function toDelivery({ nextTryAt, createTime, endedAt, ...rest }: DeliveryRow): Delivery {
  return {
    ...rest,
    nextTryAtMs: nextTryAt?.getTime() ?? null,
    createdAtMs: createTime.getTime(),
    endedAtMs: endedAt?.getTime() ?? null,
  };
}

export type DeliveryList = { endpointId: number; state: DeliveryState; beforeId: number; limit: number };

/** Newest first, those with an id below `beforeId`; 0: from the newest. */
export async function listDeliveries(
  session: Session,
  { endpointId, state, beforeId, limit }: DeliveryList,
): Promise<Delivery[]> {
  const before = beforeId > 0 ? 'AND id < ?' : '';
  const rows = await session.rows<DeliveryRow>(
    `SELECT ${COLUMNS} FROM webhook_delivery WHERE endpoint_id = ? AND state = ? ${before} ORDER BY id DESC LIMIT ?`,
    [endpointId, state, ...(beforeId > 0 ? [beforeId] : []), limit],
  );
  return rows.map(toDelivery);
}

export async function readDelivery(session: Session, deliveryId: number): Promise<Delivery | null> {
  const [row] = await session.rows<DeliveryRow>(`SELECT ${COLUMNS} FROM webhook_delivery WHERE id = ?`, [deliveryId]);
  return row ? toDelivery(row) : null;
}

export type Replay = 'REPLAYED' | 'NO_DELIVERY' | 'PENDING';

/** Makes a delivery that has ended due again; it waits while another event of its order is pending. */
export async function replayDelivery(transaction: Transaction, deliveryId: number): Promise<Replay> {
  const found = await readDelivery(transaction, deliveryId);
  if (!found || (await lockEndpoints(transaction, [found.endpointId])).length === 0) return 'NO_DELIVERY';
  const delivery = await readDelivery(transaction, deliveryId);
  if (!delivery) return 'NO_DELIVERY';
  if (delivery.state === 'pending') return 'PENDING';
  const [others] = await transaction.rows<{ pending: number }>(
    `SELECT COUNT(*) AS pending FROM webhook_delivery WHERE endpoint_id = ? AND order_no = ? AND state = 'pending'`,
    [delivery.endpointId, delivery.orderNo],
  );
  await transaction.change(
    `UPDATE webhook_delivery SET state = 'pending', attempts = 0, due_since = NOW(3), ended_at = NULL,
       next_try_at = ${Number(others?.pending ?? 0) > 0 ? 'NULL' : 'NOW(3)'} WHERE id = ?`,
    [deliveryId],
  );
  return 'REPLAYED';
}

export type DeliveryCounts = { due: number; failing: number; dead: number };

/** `due`: pending, `failing` those of them that were tried. */
export async function countDeliveries(session: Session): Promise<DeliveryCounts> {
  const [row] = await session.rows<DeliveryCounts>(
    `SELECT COALESCE(SUM(state = 'pending'), 0) AS due, COALESCE(SUM(state = 'pending' AND attempts > 0), 0) AS failing,
       COALESCE(SUM(state = 'dead'), 0) AS dead FROM webhook_delivery WHERE state IN ('pending', 'dead')`,
  );
  return { due: Number(row?.due), failing: Number(row?.failing), dead: Number(row?.dead) };
}
