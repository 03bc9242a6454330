import { randomBytes } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import {
  DELIVERY_STATES,
  type Delivery,
  listDeliveries,
  readDelivery,
  replayDelivery,
} from '../../../db/webhooks/delivery-table.ts';
import { encryptSecret } from '../../../db/webhooks/encrypt-secret.ts';
import {
  changeEndpoint,
  type Endpoint,
  type EndpointChange,
  insertEndpoint,
  listEndpoints,
  MAX_ENDPOINTS,
  MAX_SECRETS,
  OLD_SECRET_HOURS,
  readEndpoint,
  removeEndpoint,
  rotateSecret,
} from '../../../db/webhooks/endpoint-table.ts';
import type { UpdateWebhookRequest } from '../../../proto/gen/flashsale/v1/UpdateWebhookRequest.ts';
import type { WebhookServiceHandlers } from '../../../proto/gen/flashsale/v1/WebhookService.ts';
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
  function createSecret(): { secret: string; encrypted: Buffer } {
    if (keys === '') throw new CallError(status.FAILED_PRECONDITION, 'the setting WEBHOOK_KEY is missing');
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    return { secret, encrypted: encryptSecret(keys, secret) };
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
      const { secret, encrypted } = createSecret();
      const record = recordChange(request.actor, 'createWebhook', { url: shorten(url), events });
      const endpointId = await database.transaction(async (transaction) => {
        const created = await insertEndpoint(transaction, { url, description, events }, encrypted);
        if (created !== null) await record(transaction, String(created));
        return created;
      });
      if (endpointId === null)
        throw new CallError(status.FAILED_PRECONDITION, `there are ${MAX_ENDPOINTS} webhook endpoints already`);
      return { webhook: toMessage(await read(endpointId)), secret };
    }),

    ListWebhooks: answer(async () => ({ webhooks: (await database.session(listEndpoints)).map(toMessage) })),

    UpdateWebhook: answer(async (request) => {
      const webhookId = checkId('webhook_id', request.webhookId);
      const change = checkChange(request);
      const detail = change.url === undefined ? change : { ...change, url: shorten(change.url) };
      const record = recordChange(request.actor, 'updateWebhook', detail);
      const isChanged = await database.transaction(async (transaction) => {
        if (!(await changeEndpoint(transaction, webhookId, change))) return false;
        await record(transaction, String(webhookId));
        return true;
      });
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
      const { secret, encrypted } = createSecret();
      const record = recordChange(request.actor, 'rotateWebhookSecret');
      const rotation = await database.transaction(async (transaction) => {
        const result = await rotateSecret(transaction, webhookId, encrypted);
        if (result === 'ROTATED') await record(transaction, String(webhookId));
        return result;
      });
      if (rotation === 'NO_ENDPOINT') notFound(webhookId);
      if (rotation === 'TOO_MANY_SECRETS')
        throw new CallError(
          status.FAILED_PRECONDITION,
          `${MAX_SECRETS} secrets sign already; wait until one has ended`,
        );
      return { secret, previousUntilMs: Date.now() + OLD_SECRET_HOURS * 3_600_000 };
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
      return database.transaction(async (transaction) => {
        const replay = await replayDelivery(transaction, deliveryId);
        if (replay === 'PENDING') throw new CallError(status.FAILED_PRECONDITION, 'the delivery is pending');
        const delivery = replay === 'REPLAYED' ? await readDelivery(transaction, deliveryId) : null;
        if (!delivery) throw new CallError(status.NOT_FOUND, `delivery ${deliveryId} does not exist`);
        await record(transaction, String(deliveryId));
        return toDeliveryMessage(delivery);
      });
    }),
  } satisfies WebhookServiceHandlers;
}

function notFound(webhookId: number): never {
  throw new CallError(status.NOT_FOUND, `webhook endpoint ${webhookId} does not exist`);
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
