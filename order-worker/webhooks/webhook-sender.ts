import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import { type Pace, repeatTransaction } from '../../db/mysql/repeat-transaction.ts';
import { decryptSecret } from '../../db/webhooks/encrypt-secret.ts';
import {
  type ClaimedDelivery,
  type DeliveryResult,
  findDueEndpoints,
  MAX_IN_FLIGHT,
  type Turn,
  takeTurn,
} from '../../db/webhooks/take-turn.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import type { WebhookAnswer, WebhookClient } from './send-webhook.ts';

export type WebhookSenderOptions = {
  database: Database;
  client: WebhookClient;
  /** A list (parseSecretKeys) that decrypts the secrets of endpoints. */
  keys: string;
  pace: Pace;
  logger: Logger;
  traces?: Traces | undefined;
};

export type WebhookSender = {
  /** Starts to send to the endpoints that have something due. */
  start(): Promise<void>;
  /** Ends calls in flight; their deliveries are due again. */
  close(): Promise<void>;
};

/** Sends what is due, to each endpoint on its own: one that is slow or fails delays no other. */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { database, client, keys, pace, logger, traces } = options;
  const running = new Map<number, { served: Promise<void>; lookAgain(): void }>();
  const closing = new AbortController();

  /** Sends to one endpoint until nothing is due there. `onWait`: called with a function that ends the wait for calls in flight. */
  async function serve(endpointId: number, onWait: (lookAgain: () => void) => void): Promise<void> {
    const inFlight = new Set<Promise<void>>();
    let ended: DeliveryResult[] = [];
    for (;;) {
      const results = ended;
      ended = [];
      const turn = await repeatTransaction(
        database,
        (transaction) =>
          takeTurn(transaction, endpointId, results, { claims: !closing.signal.aborted, random: pace.random }),
        pace,
      );
      for (const result of results) report(endpointId, result);
      for (const delivery of turn?.claimed ?? []) {
        const call = sendTraced(turn as Turn, delivery).then((result) => {
          ended.push(result);
          inFlight.delete(call);
        });
        inFlight.add(call);
      }
      if (inFlight.size === 0 && ended.length === 0) return;
      if (ended.length > 0) continue;
      const more = Promise.withResolvers<void>();
      onWait(inFlight.size < MAX_IN_FLIGHT ? more.resolve : () => undefined);
      await Promise.race([...inFlight, more.promise]);
    }
  }

  async function send({ endpoint, secrets }: Turn, delivery: ClaimedDelivery): Promise<DeliveryResult> {
    const { orderNo, type, body } = delivery;
    try {
      const answer = await client.send({
        url: endpoint.url,
        id: webhookId(orderNo, type),
        body,
        secrets: secrets.map((secret) => decryptSecret(keys, secret)),
        signal: closing.signal,
      });
      return judge(delivery, answer);
    } catch (error) {
      if (closing.signal.aborted) return { delivery, outcome: 'released', status: null, error: '' };
      return { delivery, outcome: 'failed', status: null, error: describe(error), retryAfterSeconds: null };
    }
  }

  async function sendTraced(turn: Turn, delivery: ClaimedDelivery): Promise<DeliveryResult> {
    const step = traces?.startOrderStep('deliver webhook', delivery.orderNo, { kind: 'client' });
    const result = await send(turn, delivery);
    const { outcome, status, error } = result;
    step?.end(
      {
        'flashsale.event': delivery.type,
        'flashsale.endpoint_id': turn.endpoint.endpointId,
        'flashsale.try': delivery.attempts,
        'flashsale.outcome': outcome,
        ...(status !== null && { 'http.response.status_code': status }),
      },
      error || undefined,
    );
    return result;
  }

  function run(endpointId: number): void {
    const served = serve(endpointId, (lookAgain) => {
      entry.lookAgain = lookAgain;
    })
      .catch((error: unknown) => logger.warn({ err: error, endpointId }, 'webhook results not stored'))
      .finally(() => running.delete(endpointId));
    const entry = { served, lookAgain: () => {} };
    running.set(endpointId, entry);
  }

  function report(endpointId: number, { delivery, outcome, status, error }: DeliveryResult): void {
    const { deliveryId, orderNo, type, attempts } = delivery;
    const fields = { endpointId, deliveryId, orderNo, type, attempts, status };
    if (outcome === 'gone') logger.warn(fields, 'webhook endpoint answered 410; disabled');
    else if (outcome === 'failed') logger.debug({ ...fields, error }, 'webhook not delivered');
  }

  return {
    async start() {
      for (const endpointId of await database.session(findDueEndpoints)) {
        if (closing.signal.aborted) return;
        const other = running.get(endpointId);
        if (other) other.lookAgain();
        else run(endpointId);
      }
    },
    async close() {
      closing.abort();
      await Promise.all([...running.values()].map(({ served }) => served));
      client.close();
    },
  };
}

/** As the id of the event in the topic. */
export const webhookId = (orderNo: string, type: string) => `${orderNo}:${type.replace(/^order\./, '')}`;

function judge(delivery: ClaimedDelivery, { status, retryAfterSeconds }: WebhookAnswer): DeliveryResult {
  if (status >= 200 && status < 300) return { delivery, outcome: 'delivered', status, error: '' };
  const error = status >= 300 && status < 400 ? 'redirects are not followed' : `answered ${status}`;
  if (status === 410) return { delivery, outcome: 'gone', status, error };
  const isBusy = status === 429 || status === 503;
  return { delivery, outcome: 'failed', status, error, retryAfterSeconds: isBusy ? retryAfterSeconds : null };
}

/** An AggregateError, of a name with several addresses, has no message. */
function describe(error: unknown): string {
  const { name, message, code, errors } = error as Error & { code?: string; errors?: Error[] };
  // The worker's own end is not described.
  if (name === 'AbortError') return 'no answer in time';
  return message || errors?.[0]?.message || code || name;
}
