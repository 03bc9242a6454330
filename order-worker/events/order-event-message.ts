import type { Static } from 'typebox';
import type { OrderEvent } from '../../db/orders/order-event-table.ts';
import { EVENT_NAMES } from '../../db/webhooks/event-types.ts';
import { dataSchemaOf, type offerMadeDataSchema, type orderEventDataSchema } from './order-event-schemas.ts';

export type OrderEventData = Static<typeof orderEventDataSchema>;

/** An event as CloudEvents 1.0 in structured mode, which order-event-schemas.ts describes. */
export function toOrderEventMessage(event: OrderEvent) {
  const { orderNo, type, sid, buyer, priceCents, currency, createdAtMs, quantity, reference, payByMs = null } = event;
  const name = EVENT_NAMES[type];
  const data: OrderEventData = {
    orderNo,
    sid: String(sid),
    buyer,
    quantity,
    unitPrice: { amount: priceCents, currency },
    total: { amount: priceCents * quantity, currency },
    reference,
    metadata: event.metadata ? (JSON.parse(event.metadata) as Record<string, string>) : {},
  };
  const payBy = payByMs === null ? null : new Date(payByMs).toISOString();
  return {
    specversion: '1.0',
    id: `${orderNo}:${type}`,
    source: '/flash-sale/orders',
    type: name,
    subject: orderNo,
    time: new Date(createdAtMs).toISOString(),
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(name),
    data: type === 'offer_made' ? ({ ...data, payBy } satisfies Static<typeof offerMadeDataSchema>) : data,
  };
}

type DataBefore = { orderNo: string; sid: number; buyer: string; priceCents: number; currency: string };

/** The data of an event of the topic, also of one of an earlier release, which has no `dataschema`. */
export function readOrderEventData(data: object): OrderEventData {
  if (!('priceCents' in data)) return data as OrderEventData;
  const { orderNo, sid, buyer, priceCents, currency } = data as DataBefore;
  const price = { amount: priceCents, currency };
  const details = { quantity: 1, reference: null, metadata: {} };
  return { orderNo, sid: String(sid), buyer, unitPrice: price, total: price, ...details };
}
