import { randomBytes } from 'node:crypto';
import { changeOnce } from '../../../db/mysql/change-once.ts';
import {
  DELIVERY_STATES,
  type Delivery,
  listDeliveries,
  readDelivery,
  replayDelivery,
} from '../../../db/webhooks/delivery-table.ts';
import { decryptSecret, encryptSecret } from '../../../db/webhooks/encrypt-secret.ts';
import {
  changeEndpoint,
  type Endpoint,
  type EndpointChange,
  type EndpointSecret,
  insertEndpoint,
  listEndpoints,
  MAX_ENDPOINTS,
  MAX_SECRETS,
  OLD_SECRET_HOURS,
  readEndpoint,
  readSecret,
  removeEndpoint,
  rotateSecret,
} from '../../../db/webhooks/endpoint-table.ts';
import type { UpdateWebhookRequest } from '../../../proto/gen/flashsale/v1/UpdateWebhookRequest.ts';
import type { WebhookServiceHandlers } from '../../../proto/gen/flashsale/v1/WebhookService.ts';
import { checkIdempotency } from '../check-idempotency.ts';
import { checkRange } from '../check-request.ts';
import { CallError, InvalidFieldError } from '../describe-fault.ts';
import { recordChange } from '../record-change.ts';
import type { ServiceOptions } from '../service-options.ts';
import { checkDescription, checkEvents, checkState, checkUrl } from './check-webhook.ts';

export type WebhookServiceOptions = Pick<ServiceOptions, 'database' | 'answer' | 'limitList'> & {
  /** A list (parseSecretKeys): the current key encrypts. Empty: no endpoint can be made. */
  keys: string;
  addresses: 'public' | 'any';
};

/** As Standard Webhooks recommend. */
const SECRET_BYTES = 32;
const MAX_PAGE_SIZE = 1000;
const PAGE_SIZE = 100;

export function createWebhookService({ database, answer, limitList, keys, addresses }: WebhookServiceOptions) {
  function createSecret(): Buffer {
    if (keys === '') throw new CallError('WEBHOOK_KEY_MISSING', 'the setting WEBHOOK_KEY is missing');
    return encryptSecret(keys, `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`);
  }

  /** Read from its row: a repeated request gets the secret that the first one created, and no answer is kept with one. */
  async function showSecret({ endpointId, secretId }: EndpointSecret): Promise<string> {
    const encrypted = await database.session((session) => readSecret(session, secretId));
    return encrypted ? decryptSecret(keys, encrypted) : notFound(endpointId);
  }

  async function read(webhookId: number): Promise<Endpoint> {
    const endpoint = await database.session((session) => readEndpoint(session, webhookId));
    return endpoint ?? notFound(webhookId);
  }

  function checkChange({ url, description, events, state }: UpdateWebhookRequest): EndpointChange {
    const change: EndpointChange = {};
    if (url !== undefined) change.url = checkUrl(url, addresses);
    if (description !== undefined) change.description = checkDescription(description);
    if (events) change.events = checkEvents(events.types);
    if (state !== undefined) change.state = checkState(state);
    if (Object.keys(change).length === 0) throw new InvalidFieldError('url', 'no field to change is set');
    return change;
  }

  return {
    CreateWebhook: answer(async (request) => {
      const url = checkUrl(request.url, addresses);
      const description = checkDescription(request.description);
      const events = checkEvents(request.events);
      const encrypted = createSecret();
      const record = recordChange(request.actor, 'createWebhook', { url: shorten(url), events });
      const created = await changeOnce(database, checkIdempotency(request.idempotency), (once) =>
        once.transaction(async (transaction) => {
          const inserted = await insertEndpoint(transaction, { url, description, events }, encrypted);
          if (inserted === null) return transaction.rollBack(null);
          await record(transaction, String(inserted.endpointId));
          return inserted;
        }),
      );
      if (created === null)
        throw new CallError('TOO_MANY_WEBHOOKS', `there are ${MAX_ENDPOINTS} webhook endpoints already`);
      return { webhook: toMessage(await read(created.endpointId)), secret: await showSecret(created) };
    }),

    ListWebhooks: answer(async () => ({ webhooks: (await database.session(listEndpoints)).map(toMessage) })),

    UpdateWebhook: answer(async (request) => {
      const webhookId = checkId('webhook_id', request.webhookId);
      const change = checkChange(request);
      const detail = change.url === undefined ? change : { ...change, url: shorten(change.url) };
      const record = recordChange(request.actor, 'updateWebhook', detail);
      const isChanged = await changeOnce(database, checkIdempotency(request.idempotency), (once) =>
        once.transaction(async (transaction) => {
          if (!(await changeEndpoint(transaction, webhookId, change))) return transaction.rollBack(false);
          await record(transaction, String(webhookId));
          return true;
        }),
      );
      return toMessage(isChanged ? await read(webhookId) : notFound(webhookId));
    }),

    RemoveWebhook: answer(async (request) => {
      const webhookId = checkId('webhook_id', request.webhookId);
      const record = recordChange(request.actor, 'removeWebhook');
      await database.transaction(async (transaction) => {
        if (!(await removeEndpoint(transaction, webhookId))) notFound(webhookId);
        await record(transaction, String(webhookId));
      });
      return {};
    }),

    RotateWebhookSecret: answer(async (request) => {
      const webhookId = checkId('webhook_id', request.webhookId);
      const encrypted = createSecret();
      const record = recordChange(request.actor, 'rotateWebhookSecret');
      const rotation = await changeOnce(database, checkIdempotency(request.idempotency), (once) =>
        once.transaction(async (transaction) => {
          const result = await rotateSecret(transaction, webhookId, encrypted);
          if (typeof result === 'string') return transaction.rollBack(result);
          await record(transaction, String(webhookId));
          return { ...result, previousUntilMs: Date.now() + OLD_SECRET_HOURS * 3_600_000 };
        }),
      );
      if (rotation === 'NO_ENDPOINT') return notFound(webhookId);
      if (rotation === 'TOO_MANY_SECRETS')
        throw new CallError('TOO_MANY_SECRETS', `${MAX_SECRETS} secrets sign already; wait until one has ended`);
      return { secret: await showSecret(rotation), previousUntilMs: rotation.previousUntilMs };
    }),

    ListWebhookDeliveries: answer(async (request) => {
      const { endpointId } = await read(checkId('webhook_id', request.webhookId));
      const state = DELIVERY_STATES.find((name) => name === request.state);
      if (!state) throw new InvalidFieldError('state', `must be one of ${DELIVERY_STATES.join(', ')}`);
      const beforeId = checkRange('before_id', request.beforeId, 0, Number.MAX_SAFE_INTEGER);
      const pageSize = checkRange('page_size', request.pageSize, 0, MAX_PAGE_SIZE) || PAGE_SIZE;
      const page = { endpointId, state, beforeId, limit: pageSize + 1 };
      const found = await limitList(() => database.session((session) => listDeliveries(session, page)));
      const deliveries = found.slice(0, pageSize);
      const nextBeforeId = found.length > pageSize ? (deliveries.at(-1)?.deliveryId ?? 0) : 0;
      return { deliveries: deliveries.map(toDeliveryMessage), nextBeforeId };
    }),

    ReplayWebhookDelivery: answer(async (request) => {
      const deliveryId = checkId('delivery_id', request.deliveryId);
      const record = recordChange(request.actor, 'replayWebhookDelivery');
      const replay = await changeOnce(database, checkIdempotency(request.idempotency), (once) =>
        once.transaction(async (transaction) => {
          const result = await replayDelivery(transaction, deliveryId);
          if (result !== 'REPLAYED') return transaction.rollBack(result);
          await record(transaction, String(deliveryId));
          return result;
        }),
      );
      if (replay === 'PENDING') throw new CallError('DELIVERY_PENDING', 'the delivery is pending');
      const delivery =
        replay === 'REPLAYED' ? await database.session((session) => readDelivery(session, deliveryId)) : null;
      if (!delivery) throw new CallError('DELIVERY_NOT_FOUND', `delivery ${deliveryId} does not exist`);
      return toDeliveryMessage(delivery);
    }),
  } satisfies WebhookServiceHandlers;
}

function notFound(webhookId: number): never {
  throw new CallError('WEBHOOK_NOT_FOUND', `webhook endpoint ${webhookId} does not exist`);
}

function checkId(field: string, id: number): number {
  return checkRange(field, id, 1, Number.MAX_SAFE_INTEGER);
}

/** The log of actions has short values. */
function shorten(url: string): string {
  return url.length > 500 ? `${url.slice(0, 500)}…` : url;
}

function toMessage({ endpointId: webhookId, ...rest }: Endpoint) {
  return { webhookId, ...rest };
}

function toDeliveryMessage({
  endpointId: webhookId,
  nextTryAtMs,
  endedAtMs,
  lastStatus,
  lastError,
  ...rest
}: Delivery) {
  return {
    webhookId,
    ...rest,
    lastStatus: lastStatus ?? 0,
    lastError: lastError ?? '',
    ...(nextTryAtMs !== null && { nextTryAtMs }),
    ...(endedAtMs !== null && { endedAtMs }),
  };
}
