import {
  type CallOptions,
  type ClientUnaryCall,
  connectivityState,
  credentials,
  Metadata,
  type requestCallback,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { DrawService, OrderService, StockService, WebhookService } from '../../proto/messages/load-protos.ts';
import { requestIds } from '../../proto/process/caller-scope.ts';
import { pause, realClock } from '../../proto/process/clock.ts';
import type { GrpcClientTls } from '../../proto/settings/grpc-tls.ts';
import { parseSecretKeys } from '../../proto/settings/secret-keys.ts';

const methods = (service: string, names: string[]) =>
  names.map((method) => ({ service: `flashsale.v1.${service}`, method }));

/** Reads are retried once on another provider when the first one fails. Writes are not retried by gRPC. */
const RETRIED_READS = {
  name: [
    ...methods('StockService', [
      'GetStock',
      'GetStocks',
      'ListStocks',
      'GetAudit',
      'GetCurrentCount',
      'ListActions',
      'SummarizeStock',
      'ReadSaleHistory',
    ]),
    ...methods('WebhookService', ['ListWebhooks', 'ListWebhookDeliveries']),
    ...methods('DrawService', ['GetEntries', 'GetDraw', 'ListEntryIds', 'SummarizeDraw']),
    ...methods('OrderService', [
      'GetOrders',
      'ListOrders',
      'ListManyOrders',
      'FindLiveOrders',
      'FindPayments',
      'SearchOrders',
      'ListDoubtfulPayments',
      'ListDeadLetters',
    ]),
  ],
  retryPolicy: {
    maxAttempts: 2,
    initialBackoff: '0.02s',
    maxBackoff: '0.1s',
    backoffMultiplier: 2,
    retryableStatusCodes: ['UNAVAILABLE'],
  },
};

/** Stops retries when most calls fail: a failure costs one token, ten successes return one, and below half of the tokens nothing is retried. */
const RETRY_THROTTLING = { maxTokens: 20, tokenRatio: 0.1 };

const FAULT_TRIES = 10;
const FAULT_PAUSE_MS = 200;

const CHANNEL_OPTIONS = {
  // A page of 1,000 stocks, each with a description, metadata and addresses: up to 10 kB.
  'grpc.max_receive_message_length': 16 * 1024 * 1024,
  'grpc.service_config': JSON.stringify({
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [RETRIED_READS],
    retryThrottling: RETRY_THROTTLING,
  }),
  // When a provider disconnects, the name is resolved again: its successor must be found within a second, not after the default of 30 s.
  'grpc.dns_min_time_between_resolutions_ms': 1000,
  // Detects a frozen provider within 2 s; otherwise its share of the calls would time out. With 500 ms, connections to providers that were
  // only busy were dropped.
  'grpc.keepalive_time_ms': 1000,
  'grpc.keepalive_timeout_ms': 1000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
};

// The last of the generated overloads of a method: TypeScript infers from that one.
type Method<Request, Reply> = (request: Request, callback: requestCallback<Reply>) => ClientUnaryCall;
type MethodWithOptions<Request, Reply> = (
  request: Request,
  metadata: Metadata,
  options: CallOptions,
  callback: requestCallback<Reply>,
) => ClientUnaryCall;

/**
 * Clients of the providers, which are called in turn. Every call sends the first of the shared `tokens`, if any, ends within `deadlineMs`,
 * and rejects with gRPC's ServiceError. Without `tls` the connections are not encrypted.
 */
export function connectProviders(providers: string, deadlineMs: number, tokens = '', tls: GrpcClientTls | null = null) {
  const token = parseSecretKeys(tokens)[0]?.secret;
  const target = targetOf(providers);
  const channel = tls
    ? createSecureChannel(tls)
    : { credentials: credentials.createInsecure(), options: CHANNEL_OPTIONS };
  const stocks = new StockService(target, channel.credentials, channel.options);
  const orders = new OrderService(target, channel.credentials, channel.options);
  const webhooks = new WebhookService(target, channel.credentials, channel.options);
  const draws = new DrawService(target, channel.credentials, channel.options);

  const call =
    <Request, Reply>(client: object, method: Method<Request, Reply>) =>
    (request: Request): Promise<Reply> =>
      new Promise((resolve, reject) => {
        const deadline = Date.now() + deadlineMs;
        const invoke = method as unknown as MethodWithOptions<Request, Reply>;
        const metadata = new Metadata();
        if (token) metadata.set('authorization', `Bearer ${token}`);
        addRequestIds(metadata);
        invoke.call(client, request, metadata, { deadline }, (error, reply) =>
          error ? reject(error) : resolve(reply as Reply),
        );
      });

  return {
    getStock: call(stocks, stocks.GetStock),
    getStocks: call(stocks, stocks.GetStocks),
    listStocks: call(stocks, stocks.ListStocks),
    createStock: call(stocks, stocks.CreateStock),
    createStocks: call(stocks, stocks.CreateStocks),
    updateStock: call(stocks, stocks.UpdateStock),
    removeStock: call(stocks, stocks.RemoveStock),
    startAudit: call(stocks, stocks.StartAudit),
    getAudit: call(stocks, stocks.GetAudit),
    cancelAudit: call(stocks, stocks.CancelAudit),
    recordAction: call(stocks, stocks.RecordAction),
    listActions: call(stocks, stocks.ListActions),
    summarizeStock: call(stocks, stocks.SummarizeStock),
    readSaleHistory: call(stocks, stocks.ReadSaleHistory),
    getCurrentCount: call(stocks, stocks.GetCurrentCount),
    createWrongOrder: call(orders, orders.CreateWrongOrder),
    createPessimisticOrder: call(orders, orders.CreatePessimisticOrder),
    createOptimisticOrder: call(orders, orders.CreateOptimisticOrder),
    createOptimisticOrderUseRedis: call(orders, orders.CreateOptimisticOrderUseRedis),
    placeOrders: call(orders, orders.PlaceOrders),
    getOrders: call(orders, orders.GetOrders),
    listOrders: call(orders, orders.ListOrders),
    listManyOrders: call(orders, orders.ListManyOrders),
    searchOrders: call(orders, orders.SearchOrders),
    listDeadLetters: call(orders, orders.ListDeadLetters),
    listDoubtfulPayments: call(orders, orders.ListDoubtfulPayments),
    startPayment: call(orders, orders.StartPayment),
    startPayments: call(orders, orders.StartPayments),
    keepSession: call(orders, orders.KeepSession),
    settlePayment: call(orders, orders.SettlePayment),
    recordPayment: call(orders, orders.RecordPayment),
    recordPayments: call(orders, orders.RecordPayments),
    findPayments: call(orders, orders.FindPayments),
    cancelOrder: call(orders, orders.CancelOrder),
    refundOrder: call(orders, orders.RefundOrder),
    refundStock: call(orders, orders.RefundStock),
    findLiveOrders: call(orders, orders.FindLiveOrders),
    createWebhook: call(webhooks, webhooks.CreateWebhook),
    listWebhooks: call(webhooks, webhooks.ListWebhooks),
    updateWebhook: call(webhooks, webhooks.UpdateWebhook),
    removeWebhook: call(webhooks, webhooks.RemoveWebhook),
    rotateWebhookSecret: call(webhooks, webhooks.RotateWebhookSecret),
    listWebhookDeliveries: call(webhooks, webhooks.ListWebhookDeliveries),
    replayWebhookDelivery: call(webhooks, webhooks.ReplayWebhookDelivery),
    enterDraws: call(draws, draws.EnterDraws),
    leaveDraw: call(draws, draws.LeaveDraw),
    getEntries: call(draws, draws.GetEntries),
    getDraw: call(draws, draws.GetDraw),
    listEntryIds: call(draws, draws.ListEntryIds),
    summarizeDraw: call(draws, draws.SummarizeDraw),
    eraseEntry: call(draws, draws.EraseEntry),
    /** Resolves when a provider can be reached, and rejects after the deadline. */
    async waitUntilReady(): Promise<void> {
      const deadline = Date.now() + deadlineMs;
      // Each client has a channel of its own, which opens with its first call.
      const channels = [orders, stocks].map(
        (client) =>
          new Promise<void>((resolve, reject) => {
            client.waitForReady(deadline, (error) => (error ? reject(error) : resolve()));
          }),
      );
      await Promise.all(channels);
    },
    /** Why no provider can be reached, in the words of gRPC: only a call tells. */
    async readFault(): Promise<string> {
      let message = '';
      for (let tries = 0; tries < FAULT_TRIES; tries += 1) {
        try {
          await call(stocks, stocks.GetCurrentCount)({ sid: 0 });
          return 'a provider answers now';
        } catch (error) {
          ({ message } = error as Error);
          // A connection that is being made has no cause yet.
          const isPending =
            (error as ServiceError).code === status.DEADLINE_EXCEEDED || /Last error: null/.test(message);
          if (!isPending) break;
          await pause(realClock, FAULT_PAUSE_MS);
        }
      }
      return message;
    },
    /** Whether a provider is connected. */
    isReady: () => orders.getChannel().getConnectivityState(false) === connectivityState.READY,
    close(): void {
      stocks.close();
      orders.close();
      webhooks.close();
      draws.close();
    },
  };
}

/** A call for several requests, such as a batch of orders, carries no ids. */
function addRequestIds(metadata: Metadata): void {
  const { requestId, traceparent } = requestIds() ?? {};
  if (requestId) metadata.set('x-request-id', requestId);
  if (traceparent) metadata.set('traceparent', traceparent);
}

export type Providers = ReturnType<typeof connectProviders>;

function createSecureChannel({ ca, cert, key, name }: GrpcClientTls) {
  const bytes = (pem: string | undefined) => (pem === undefined ? null : Buffer.from(pem));
  return {
    credentials: credentials.createSsl(bytes(ca), bytes(key), bytes(cert)),
    options: name ? { ...CHANNEL_OPTIONS, 'grpc.ssl_target_name_override': name } : CHANNEL_OPTIONS,
  };
}

function targetOf(providers: string): string {
  const addresses = providers.split(',').map((address) => address.trim());
  if (addresses.every((address) => /^\d+\.\d+\.\d+\.\d+:\d+$/.test(address))) return `ipv4:${addresses.join(',')}`;
  if (addresses.length > 1)
    throw new Error('PROVIDERS: use IPv4 addresses, or one name that resolves to all providers');
  return `dns:///${addresses[0]}`;
}
