import type { TSchema } from 'typebox';
import {
  dataOf,
  drawEventDataSchema,
  EVENT_MEANINGS,
  EVENT_VERSION,
  offerMadeDataSchema,
  orderEventDataSchema,
  topicEventSchemas,
  webhookEventSchemas,
} from '../../../order-worker/events/order-event-schemas.ts';

type Described = { type: keyof typeof EVENT_MEANINGS; name: string; schema: TSchema };

/** TypeBox marks its schemas with symbols and hidden fields; JSON has neither. */
const plain = (schema: TSchema) => JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
const ref = (path: string) => ({ $ref: `#/${path}` });

/** The schema of an event, with that of its data by reference. */
function schemaOf({ type, schema }: Described) {
  const { properties, ...rest } = plain(schema);
  return {
    ...rest,
    properties: { ...(properties as object), data: ref(`components/schemas/${plain(dataOf(type)).title}`) },
  };
}

function messageOf({ type, name }: Described, contentType: string, id: string) {
  return {
    name: type,
    title: name,
    summary: EVENT_MEANINGS[type],
    contentType,
    correlationId: { description: 'The same for every repeat', location: id },
    payload: ref(`components/schemas/${name}`),
  };
}

const channelOf = (events: Described[]) =>
  Object.fromEntries(events.map(({ name }) => [name, ref(`components/messages/${name}`)]));
const messagesOf = (channel: string, events: Described[]) =>
  events.map(({ name }) => ref(`channels/${channel}/messages/${name}`));

/** docs/events.asyncapi.json: the topic order-events and webhooks. */
export function eventsDocument() {
  const all: Described[] = [...topicEventSchemas, ...webhookEventSchemas];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Flash sale: events of orders and draws',
      version: `${EVENT_VERSION}.0.0`,
      description:
        'What happened to orders and draws, at least once. An id may come again, also after a later event of the same order; the first events of each id arrive in the order in which they happened.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    defaultContentType: 'application/json',
    channels: {
      orderEvents: {
        address: '{prefix}order-events',
        title: 'The topic',
        description:
          'A Kafka topic with 8 partitions. All events of a stock are in one partition; the key is the order number, or stock and attempt of a draw.',
        parameters: { prefix: { description: 'The setting TOPIC_PREFIX' } },
        messages: channelOf(topicEventSchemas),
      },
      webhooks: {
        title: 'Webhooks',
        description:
          'POST requests to the endpoints of /api/v1/admin/webhooks, signed as Standard Webhooks. See docs/how-to/receive-webhooks.md.',
        messages: channelOf(webhookEventSchemas),
      },
    },
    operations: {
      publishOrderEvents: {
        action: 'send',
        summary: 'The order-workers publish events',
        security: [ref('components/securitySchemes/kafka')],
        channel: ref('channels/orderEvents'),
        messages: messagesOf('orderEvents', topicEventSchemas),
      },
      sendWebhooks: {
        action: 'send',
        summary: 'The order-workers send webhooks',
        security: [ref('components/securitySchemes/signature')],
        channel: ref('channels/webhooks'),
        messages: messagesOf('webhooks', webhookEventSchemas),
      },
    },
    components: {
      securitySchemes: {
        kafka: { type: 'scramSha512', description: 'Or none: the settings KAFKA_TLS and KAFKA_SASL of the processes' },
        signature: {
          type: 'httpApiKey',
          in: 'header',
          name: 'webhook-signature',
          description: 'Standard Webhooks: v1 and an HMAC-SHA256, one for each secret that is valid',
        },
      },
      messages: Object.fromEntries([
        ...topicEventSchemas.map((event) => [
          event.name,
          messageOf(event, 'application/cloudevents+json', '$message.payload#/id'),
        ]),
        ...webhookEventSchemas.map((event) => [
          event.name,
          messageOf(event, 'application/json', '$message.header#/webhook-id'),
        ]),
      ]),
      schemas: {
        OrderEventData: plain(orderEventDataSchema),
        OfferMadeData: plain(offerMadeDataSchema),
        DrawEventData: plain(drawEventDataSchema),
        ...Object.fromEntries(all.map((event) => [event.name, schemaOf(event)])),
      },
    },
  };
}
