import type { WebhookEvent } from '../../db/webhooks/queue-deliveries.ts';
import { readOrderEventData } from '../events/order-event-message.ts';
import { EVENT_VERSION } from '../events/order-event-schemas.ts';

/** The columns' limits, and far more than an event has. */
const MAX_BODY_BYTES = 32 * 1024;
const TYPE = /^[a-z][a-z_.]{0,49}$/;
const ORDER_NO = /^[!-~]{1,100}$/;

/** The webhook of a record of `order-events` (CloudEvents); null if it is not one of ours. */
export function readEvent(value: Buffer | null): WebhookEvent | null {
  if (!value || value.length > MAX_BODY_BYTES) return null;
  const event = parse(value);
  const { specversion, id, type, subject: orderNo, time, data } = event as Record<string, unknown>;
  if (specversion !== '1.0' || typeof data !== 'object' || data === null) return null;
  if (typeof type !== 'string' || !TYPE.test(type) || typeof orderNo !== 'string' || !ORDER_NO.test(orderNo))
    return null;
  const timestampMs = Date.parse(String(time));
  if (Number.isNaN(timestampMs)) return null;
  const body = { id, type, version: EVENT_VERSION, timestamp: time, data: readOrderEventData(data) };
  return { orderNo, type, timestampMs, body: JSON.stringify(body) };
}

function parse(value: Buffer): object {
  try {
    const event: unknown = JSON.parse(value.toString());
    return typeof event === 'object' && event !== null ? event : {};
  } catch {
    return {};
  }
}
