import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { status } from '@grpc/grpc-js';
import type { FastifyInstance } from 'fastify';
import type { Webhook } from '../../proto/gen/flashsale/v1/Webhook.ts';
import type { WebhookDelivery } from '../../proto/gen/flashsale/v1/WebhookDelivery.ts';
import { checkIdempotencyKey, nameRequest } from '../api/idempotent-request.ts';
import { isoOrNull } from '../api/iso-or-null.ts';
import type { Identify } from '../auth/identify.ts';
import { nameActor } from '../auth/name-actor.ts';
import { Problem } from '../http/problem.ts';
import { signCursor, verifyCursor } from '../http/sign-cursor.ts';
import { orProblem } from '../http/to-problem.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import {
  createWebhookSchema,
  getWebhookSchema,
  listDeliveriesSchema,
  listWebhooksSchema,
  removeWebhookSchema,
  replaySchema,
  rotateSecretSchema,
  updateWebhookSchema,
} from './endpoint-schemas.ts';

export type EndpointRoutesOptions = {
  config: Pick<ConsumerConfig, 'ORDER_NO_KEY'>;
  identify: Identify;
  providers: Pick<
    Providers,
    | 'createWebhook'
    | 'listWebhooks'
    | 'updateWebhook'
    | 'removeWebhook'
    | 'rotateWebhookSecret'
    | 'listWebhookDeliveries'
    | 'replayWebhookDelivery'
  >;
};

const orNotFound = orProblem({ [status.NOT_FOUND]: 'webhook_not_found' });

/** /admin/webhooks: the endpoints to which events are sent, and their deliveries. */
export function endpointRoutes({ config, identify, providers }: EndpointRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    const onRequest = identify.adminOnly;
    const preValidation = checkIdempotencyKey;
    app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));

    api.post('/admin/webhooks', { schema: createWebhookSchema, onRequest, preValidation }, async (request, reply) => {
      const { url, description = '', events = [] } = request.body;
      const { webhook, secret } = await providers.createWebhook({
        url,
        description,
        events,
        actor: nameActor(request),
        ...nameRequest(request),
      });
      if (!webhook) throw new Error('a provider created no webhook');
      reply.code(201).header('location', `/api/v1/admin/webhooks/${webhook.webhookId}`);
      return { ...webhookView(webhook), secret };
    });

    api.get('/admin/webhooks', { schema: listWebhooksSchema, onRequest }, async () => {
      const { webhooks } = await providers.listWebhooks({});
      return { webhooks: webhooks.map(webhookView) };
    });

    api.get('/admin/webhooks/:webhookId', { schema: getWebhookSchema, onRequest }, async ({ params }) => {
      const { webhooks } = await providers.listWebhooks({});
      const webhook = webhooks.find(({ webhookId }) => webhookId === Number(params.webhookId));
      if (!webhook) throw new Problem('webhook_not_found');
      return webhookView(webhook);
    });

    api.patch(
      '/admin/webhooks/:webhookId',
      { schema: updateWebhookSchema, onRequest, preValidation },
      async (request) => {
        const { events, ...rest } = request.body;
        const types = events && { events: { types: events } };
        const change = {
          webhookId: Number(request.params.webhookId),
          ...rest,
          ...types,
          actor: nameActor(request),
          ...nameRequest(request),
        };
        return webhookView(await providers.updateWebhook(change).catch(orNotFound));
      },
    );

    api.delete('/admin/webhooks/:webhookId', { schema: removeWebhookSchema, onRequest }, async (request, reply) => {
      const webhookId = Number(request.params.webhookId);
      await providers.removeWebhook({ webhookId, actor: nameActor(request) }).catch(orNotFound);
      return reply.code(204).send(null);
    });

    api.post(
      '/admin/webhooks/:webhookId/secrets',
      { schema: rotateSecretSchema, onRequest, preValidation },
      async (request, reply) => {
        const rotation = {
          webhookId: Number(request.params.webhookId),
          actor: nameActor(request),
          ...nameRequest(request),
        };
        const { secret, previousUntilMs } = await providers.rotateWebhookSecret(rotation).catch(orNotFound);
        reply.code(201);
        return { secret, previousUntil: new Date(previousUntilMs).toISOString() };
      },
    );

    api.get('/admin/webhooks/:webhookId/deliveries', { schema: listDeliveriesSchema, onRequest }, async (request) => {
      const { cursor, limit, state } = request.query;
      const webhookId = Number(request.params.webhookId);
      const list = `${state} deliveries of webhook ${webhookId}`;
      const beforeId = cursor === undefined ? 0 : Number(verifyCursor(config.ORDER_NO_KEY, list, cursor));
      const page = await providers
        .listWebhookDeliveries({ webhookId, state, beforeId, pageSize: limit })
        .catch(orNotFound);
      const next = page.nextBeforeId > 0 ? signCursor(config.ORDER_NO_KEY, list, String(page.nextBeforeId)) : null;
      return { deliveries: page.deliveries.map(deliveryView), nextCursor: next };
    });

    api.post(
      '/admin/webhook-deliveries/:deliveryId/replay',
      { schema: replaySchema, onRequest, preValidation },
      async (request, reply) => {
        const replay = {
          deliveryId: Number(request.params.deliveryId),
          actor: nameActor(request),
          ...nameRequest(request),
        };
        const delivery = await providers
          .replayWebhookDelivery(replay)
          .catch(orProblem({ [status.NOT_FOUND]: 'delivery_not_found' }));
        reply.code(202);
        return deliveryView(delivery);
      },
    );
  };
}

function webhookView({ webhookId, createdAtMs, ...rest }: Webhook) {
  return { webhookId: String(webhookId), ...rest, createdAt: new Date(createdAtMs).toISOString() };
}

function deliveryView(delivery: WebhookDelivery) {
  const { deliveryId, webhookId, orderNo, type, state, attempts, lastStatus, lastError, createdAtMs } = delivery;
  return {
    deliveryId: String(deliveryId),
    webhookId: String(webhookId),
    orderNo,
    type,
    state,
    attempts,
    nextTryAt: isoOrNull(delivery.nextTryAtMs),
    lastStatus: lastStatus || null,
    lastError: lastError || null,
    createdAt: new Date(createdAtMs).toISOString(),
    endedAt: isoOrNull(delivery.endedAtMs),
  };
}
