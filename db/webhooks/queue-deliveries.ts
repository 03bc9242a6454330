import type { Transaction } from '../mysql/database.ts';
import { type Endpoint, lockEndpoints } from './endpoint-table.ts';

/** An event as endpoints get it. */
export type WebhookEvent = { orderNo: string; type: string; timestampMs: number; body: string };

/** Events of shortly before an endpoint was created belong to it too: two clocks are compared. */
const MARGIN_MS = 60_000;
const ROWS_PER_INSERT = 200;

/**
 * Writes the deliveries of events, those of one order in their order, for each endpoint that wants them. Events that have a delivery are left
 * out, so that a repeated batch changes nothing.
 */
export async function queueDeliveries(transaction: Transaction, events: WebhookEvent[]): Promise<number> {
  const endpoints = (await lockEndpoints(transaction)).filter(({ state }) => state !== 'disabled');
  const wanted = endpoints.flatMap((endpoint) =>
    events.filter((event) => wants(endpoint, event)).map((event) => ({ endpointId: endpoint.endpointId, event })),
  );
  if (wanted.length === 0) return 0;
  const known = await transaction.rows<{ endpointId: number; orderNo: string; type: string; state: string }>(
    `SELECT endpoint_id AS endpointId, order_no AS orderNo, type, state FROM webhook_delivery
     WHERE endpoint_id IN (?) AND order_no IN (?)`,
    [[...new Set(wanted.map(({ endpointId }) => endpointId))], [...new Set(wanted.map(({ event }) => event.orderNo))]],
  );
  const seen = new Set(known.map(({ endpointId, orderNo, type }) => `${endpointId} ${orderNo} ${type}`));
  const busy = new Set(
    known.filter(({ state }) => state === 'pending').map(({ endpointId, orderNo }) => `${endpointId} ${orderNo}`),
  );
  const added: { endpointId: number; event: WebhookEvent; waits: boolean }[] = [];
  for (const { endpointId, event } of wanted) {
    const order = `${endpointId} ${event.orderNo}`;
    if (seen.has(`${order} ${event.type}`)) continue;
    seen.add(`${order} ${event.type}`);
    added.push({ endpointId, event, waits: busy.has(order) });
    busy.add(order);
  }
  for (let from = 0; from < added.length; from += ROWS_PER_INSERT) {
    const rows = added.slice(from, from + ROWS_PER_INSERT);
    const values = rows.map(({ waits }) => `(?, ?, ?, ?, ${waits ? 'NULL' : 'NOW(3)'})`);
    await transaction.change(
      `INSERT INTO webhook_delivery (endpoint_id, order_no, type, body, next_try_at) VALUES ${values.join(', ')}`,
      rows.flatMap(({ endpointId, event }) => [endpointId, event.orderNo, event.type, event.body]),
    );
  }
  return added.length;
}

function wants({ events, createdAtMs }: Endpoint, { type, timestampMs }: WebhookEvent): boolean {
  return (events.length === 0 || events.includes(type)) && timestampMs >= createdAtMs - MARGIN_MS;
}
