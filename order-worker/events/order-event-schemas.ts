import { type TProperties, type TSchema, Type } from 'typebox';
import { EVENT_NAMES, EVENT_TYPES, type EventName } from '../../db/webhooks/event-types.ts';

// The JSON Schemas of events, from which docs/events.asyncapi.json and docs/events.md are generated. Readers must accept further fields.

/** Version of `data`. It grows when a field changes its meaning or goes away, not when one is added. */
export const EVENT_VERSION = 2;

const money = (description: string) =>
  Type.Object(
    {
      amount: Type.Integer({ minimum: 0, description: 'In the currency’s smallest unit', examples: [1999] }),
      currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217', examples: ['EUR'] }),
    },
    { description },
  );
const orNull = (schema: TSchema & { type: string }) =>
  Type.Unsafe<string | null>({ ...schema, type: [schema.type, 'null'] });
const EXAMPLE_NO = '1001-01JGZ5Q3C8W4T2M6N7P9R0S1V3-4H7K2M9QXE';
const orderNo = Type.String({ minLength: 1, maxLength: 100, description: 'Order number', examples: [EXAMPLE_NO] });

export const orderEventDataSchema = Type.Object(
  {
    orderNo,
    sid: Type.String({ pattern: '^[1-9][0-9]*$', description: 'Stock', examples: ['1001'] }),
    buyer: Type.String({ minLength: 1, maxLength: 255, description: '`sub` of the buyer’s token', examples: ['ann'] }),
    quantity: Type.Integer({ minimum: 1, description: 'Units', examples: [1] }),
    unitPrice: money('Price of a unit at the decision'),
    total: money('Unit price × quantity'),
    reference: orNull(Type.String({ description: 'Your own id of the order; null: none', examples: ['cart-4711'] })),
    metadata: Type.Record(Type.String(), Type.String(), {
      description: 'Your own fields of the order',
      examples: [{}],
    }),
  },
  { title: 'OrderEventData', description: 'The order as it was decided' },
);

export const offerMadeDataSchema = Type.Object(
  {
    ...orderEventDataSchema.properties,
    payBy: orNull(
      Type.String({
        format: 'date-time',
        description: 'Until when the offer can be paid; null: it is free',
        examples: ['2030-01-02T10:15:00.000Z'],
      }),
    ),
  },
  { title: 'OfferMadeData', description: 'The order of an offer' },
);

const DRAW_EVENTS: readonly EventName[] = ['draw.stated', 'draw.drawn', 'line.ended'];
const isOfDraw = (type: EventName) => DRAW_EVENTS.includes(type);
const hex = (bytes: number, description: string) =>
  Type.String({ pattern: `^[0-9a-f]{${2 * bytes}}$`, description, examples: ['ab'.repeat(bytes)] });

export const drawEventDataSchema = Type.Object(
  {
    sid: Type.String({ pattern: '^[1-9][0-9]*$', description: 'Stock', examples: ['1001'] }),
    attempt: Type.Integer({ minimum: 1, description: 'Attempt of the draw', examples: [1] }),
    drawId: hex(32, 'Id of the draw: SHA-256 of its rules'),
    entries: Type.Integer({ minimum: 0, description: 'Entries in the statement', examples: [12000] }),
    root: hex(32, 'Root of the tree over all entries'),
    seed: hex(32, 'Seed, secret until the statement'),
    statement: hex(64, 'Signature of the statement: keep it, and compare it with the public file'),
  },
  { title: 'DrawEventData', description: 'What the draw has stated' },
);

/** The data of events of this type. */
export function dataOf(type: EventName) {
  if (type === 'offer.made') return offerMadeDataSchema;
  return isOfDraw(type) ? drawEventDataSchema : orderEventDataSchema;
}

export const EVENT_MEANINGS: Record<EventName, string> = {
  'order.confirmed': 'The order holds its units. Unless it is free, it awaits payment.',
  'order.paid': 'The order is paid, or it was free.',
  'order.expired': 'The order was not paid in time. Its units were returned.',
  'order.cancelled': 'The order was cancelled before it was paid. Its units were returned.',
  'order.refunded': 'A paid order is refunded. Its units were returned.',
  'offer.made':
    'The order is an offer of a draw or a line: it was made for an entry whose turn has come. Comes with `order.confirmed`; tell the buyer.',
  'offer.expired':
    'The order was an offer, and was not paid in time. Comes with `order.expired`; the unit goes to the next place.',
  'draw.stated':
    'The entries of a draw are stated and signed. The places come later, from a seed that was fixed before.',
  'draw.drawn': 'Every entry of a draw has its place. Offers go out while the sale is open.',
  'line.ended': 'No entry waits in the line of a rush any more: its units are sold as before the line.',
};

const time = Type.String({ format: 'date-time', description: 'When it happened, by the clock of the database' });
const nameOf = (type: EventName) => type.replace(/(?:^|\.)(.)/g, (_, first: string) => first.toUpperCase());
const subject = Type.String({ minLength: 3, maxLength: 100, description: 'Stock and attempt', examples: ['1001/1'] });

/** The `dataschema` of events of this type. */
export const dataSchemaOf = (type: string) => `urn:flash-sale:events:${type}:${EVENT_VERSION}`;

function eventSchema(type: EventName, title: string, more: TProperties) {
  return Type.Object(
    {
      id: Type.String({
        description: 'The same for every repeat',
        examples: [exampleId(type)],
      }),
      type: Type.Literal(type),
      ...more,
      data: dataOf(type),
    },
    { title, description: EVENT_MEANINGS[type] },
  );
}

function exampleId(type: EventName): string {
  const [row] = Object.entries(EVENT_NAMES).find(([, name]) => name === type) ?? [];
  return `${isOfDraw(type) ? '1001/1' : EXAMPLE_NO}:${row}`;
}

/** Records of the topic `order-events`: CloudEvents 1.0 in structured mode. */
export const topicEventSchemas = EVENT_TYPES.map((type) => ({
  type,
  name: nameOf(type),
  schema: eventSchema(type, nameOf(type), {
    specversion: Type.Literal('1.0'),
    source: Type.Literal(isOfDraw(type) ? '/flash-sale/draws' : '/flash-sale/orders'),
    subject: isOfDraw(type) ? subject : orderNo,
    time,
    datacontenttype: Type.Literal('application/json'),
    dataschema: Type.Literal(dataSchemaOf(type)),
  }),
}));

/** Bodies of webhooks. */
export const webhookEventSchemas = EVENT_TYPES.map((type) => ({
  type,
  name: `${nameOf(type)}Webhook`,
  schema: eventSchema(type, `${nameOf(type)}Webhook`, { version: Type.Literal(EVENT_VERSION), timestamp: time }),
}));
