import { Type } from 'typebox';
import { DELIVERY_STATES } from '../../db/webhooks/delivery-table.ts';
import { ENDPOINT_STATES } from '../../db/webhooks/endpoint-table.ts';
import { EVENT_TYPES } from '../../db/webhooks/event-types.ts';
import {
  bearerSecurity,
  cursorQuery,
  idempotencyKeyHeader,
  idempotencyProblems,
  nextCursor,
  nullable,
  problemResponses,
  time,
} from '../api/api-schemas.ts';

const id = (description: string) =>
  Type.String({ pattern: '^[1-9][0-9]{0,14}$', maxLength: 15, description, examples: ['1'] });

export const webhookParams = Type.Object({ webhookId: id('Webhook endpoint') }, { additionalProperties: false });
const deliveryParams = Type.Object({ deliveryId: id('Delivery') }, { additionalProperties: false });

const url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'Where events are sent: https, a public address, without user, password and fragment',
  examples: ['https://shop.example/webhooks/flash-sale'],
});
const description = Type.String({ maxLength: 200, description: 'For people', examples: ['warehouse'] });
const events = Type.Array(Type.String({ enum: [...EVENT_TYPES] }), {
  maxItems: EVENT_TYPES.length,
  description: 'Types of events that are sent; empty: all',
  examples: [['order.paid']],
});

const webhookProperties = {
  webhookId: id('Id'),
  url,
  description,
  events,
  state: Type.String({
    enum: [...ENDPOINT_STATES],
    description: '`paused`: deliveries wait. `disabled`: it answered 410, and its deliveries are dead',
  }),
  failures: Type.Integer({ description: 'Failures since the last delivery; 0: it is healthy', examples: [0] }),
  createdAt: time('When it was created. It gets the events from then on'),
};
const webhook = Type.Object(webhookProperties);
const secret = Type.String({
  description: 'Secret of Standard Webhooks. No other answer contains it',
  examples: ['whsec_aXRzIGEgc2VjcmV0LCBkb24ndCB0ZWxsIGFueW9uZSE='],
});

const delivery = Type.Object({
  deliveryId: id('Id'),
  webhookId: id('Endpoint'),
  orderNo: Type.String({ description: 'Order of the event; stock and attempt (`1001/1`) of an event of a draw' }),
  type: Type.String({ description: 'Type of the event', examples: ['order.paid'] }),
  state: Type.String({ enum: [...DELIVERY_STATES], description: '`dead`: given up' }),
  attempts: Type.Integer({ description: 'Calls so far', examples: [3] }),
  nextTryAt: nullable(time('Next call; null: it has ended, or waits for an earlier event of its order')),
  lastStatus: nullable(
    Type.Integer({ description: 'Status of the last answer; null: there was none', examples: [500] }),
  ),
  lastError: nullable(Type.String({ description: 'Why the last call failed', examples: ['answered 500'] })),
  createdAt: time('When the event was read from the topic'),
  endedAt: nullable(time('When it was delivered or given up')),
});

const common = { tags: ['admin'], security: bearerSecurity };
const repeatable = { ...common, headers: Type.Object(idempotencyKeyHeader) };

export const createWebhookSchema = {
  ...repeatable,
  operationId: 'createWebhook',
  summary: 'Create a webhook endpoint',
  description: [
    'The events of orders and draws are sent to it as Standard Webhooks, from now on: signed, repeated for three days, and those of one order in their',
    'order. At most 20 endpoints. `409 conflict`: there are too many, or the setting WEBHOOK_KEY is missing.',
  ].join(' '),
  body: Type.Object(
    { url, description: Type.Optional(description), events: Type.Optional(events) },
    { additionalProperties: false },
  ),
  response: {
    201: Type.Object({ ...webhookProperties, secret }, { description: 'The endpoint with its secret' }),
    ...problemResponses('invalid_request', 'forbidden', 'conflict', ...idempotencyProblems),
  },
};

export const listWebhooksSchema = {
  ...common,
  operationId: 'listWebhooks',
  summary: 'List webhook endpoints',
  response: {
    200: Type.Object({ webhooks: Type.Array(webhook) }, { description: 'All endpoints, the oldest first' }),
    ...problemResponses('forbidden'),
  },
};

export const getWebhookSchema = {
  ...common,
  operationId: 'getWebhook',
  summary: 'Get a webhook endpoint',
  params: webhookParams,
  response: {
    200: Type.Object(webhookProperties, { description: 'The endpoint' }),
    ...problemResponses('forbidden', 'webhook_not_found'),
  },
};

export const updateWebhookSchema = {
  ...repeatable,
  operationId: 'updateWebhook',
  summary: 'Change a webhook endpoint',
  description:
    'Only the given fields are changed. `state: paused` keeps its deliveries until it is `active` again. `active` also enables a disabled endpoint; replay what is dead.',
  params: webhookParams,
  body: Type.Object(
    {
      url: Type.Optional(url),
      description: Type.Optional(description),
      events: Type.Optional(events),
      state: Type.Optional(Type.String({ enum: ['active', 'paused'], description: 'New state' })),
    },
    { additionalProperties: false, minProperties: 1 },
  ),
  response: {
    200: Type.Object(webhookProperties, { description: 'The endpoint' }),
    ...problemResponses('invalid_request', 'forbidden', 'webhook_not_found', ...idempotencyProblems),
  },
};

export const removeWebhookSchema = {
  ...common,
  operationId: 'removeWebhook',
  summary: 'Remove a webhook endpoint',
  description: 'With its deliveries. A call in progress may still arrive.',
  params: webhookParams,
  response: {
    204: Type.Null({ description: 'Removed' }),
    ...problemResponses('forbidden', 'webhook_not_found'),
  },
};

export const rotateSecretSchema = {
  ...repeatable,
  operationId: 'rotateWebhookSecret',
  summary: 'Create a new secret of a webhook endpoint',
  description:
    'The secrets before sign too for 24 hours: the header `webhook-signature` has a signature of each. `409 conflict`: five secrets sign already.',
  params: webhookParams,
  response: {
    201: Type.Object(
      { secret, previousUntil: time('Until when the secrets before sign too') },
      { description: 'The new secret' },
    ),
    ...problemResponses('forbidden', 'webhook_not_found', 'conflict', ...idempotencyProblems),
  },
};

export const listDeliveriesSchema = {
  ...common,
  operationId: 'listWebhookDeliveries',
  summary: 'List deliveries of a webhook endpoint',
  description: 'Newest first. Delivered ones are kept for 3 days, dead ones for 30.',
  params: webhookParams,
  querystring: Type.Object(
    {
      ...cursorQuery(1000, 100),
      state: Type.String({ enum: [...DELIVERY_STATES], default: 'dead', description: 'Deliveries in this state' }),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object({ deliveries: Type.Array(delivery), nextCursor }, { description: 'A page of deliveries' }),
    ...problemResponses('invalid_request', 'forbidden', 'webhook_not_found'),
  },
};

export const replaySchema = {
  ...repeatable,
  operationId: 'replayWebhookDelivery',
  summary: 'Deliver an event again',
  description:
    'A dead delivery, or one that was delivered. It has the same `webhook-id`. Later events of the order may have arrived before it. `409 conflict`: it is pending.',
  params: deliveryParams,
  response: {
    202: Type.Object(delivery.properties, { description: 'The delivery, which is pending' }),
    ...problemResponses('forbidden', 'delivery_not_found', 'conflict', ...idempotencyProblems),
  },
};
