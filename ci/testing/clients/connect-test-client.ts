import {
  type CallOptions,
  type ClientUnaryCall,
  credentials,
  Metadata,
  type requestCallback,
  type ServiceError,
} from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import type { Test } from 'tap';
import { DrawService, OrderService, protoDefinition, StockService } from '../../../proto/messages/load-protos.ts';

type Method<Request, Reply> = (request: Request, callback: requestCallback<Reply>) => ClientUnaryCall;
type MethodWithOptions<Request, Reply> = (
  request: Request,
  metadata: Metadata,
  options: CallOptions,
  callback: requestCallback<Reply>,
) => ClientUnaryCall;

const DEADLINE_MS = 8000;

/** gRPC clients of one provider. Every function rejects with gRPC's ServiceError. */
export function connectTestClient(t: Test, port: number) {
  const stocks = new StockService(`127.0.0.1:${port}`, credentials.createInsecure());
  const orders = new OrderService(`127.0.0.1:${port}`, credentials.createInsecure());
  const draws = new DrawService(`127.0.0.1:${port}`, credentials.createInsecure());
  t.teardown(() => {
    stocks.close();
    draws.close();
    orders.close();
  });
  const call =
    <Request, Reply>(client: object, method: Method<Request, Reply>) =>
    (request: Request): Promise<Reply> =>
      new Promise((resolve, reject) => {
        const invoke = method as unknown as MethodWithOptions<Request, Reply>;
        invoke.call(client, request, new Metadata(), { deadline: Date.now() + DEADLINE_MS }, (error, reply) =>
          error ? reject(error) : resolve(reply as Reply),
        );
      });
  return {
    getStock: call(stocks, stocks.GetStock),
    getStocks: call(stocks, stocks.GetStocks),
    listStocks: call(stocks, stocks.ListStocks),
    getCurrentCount: call(stocks, stocks.GetCurrentCount),
    createStock: call(stocks, stocks.CreateStock),
    updateStock: call(stocks, stocks.UpdateStock),
    removeStock: call(stocks, stocks.RemoveStock),
    auditStock: call(stocks, stocks.AuditStock),
    startAudit: call(stocks, stocks.StartAudit),
    getAudit: call(stocks, stocks.GetAudit),
    cancelAudit: call(stocks, stocks.CancelAudit),
    recordAction: call(stocks, stocks.RecordAction),
    listActions: call(stocks, stocks.ListActions),
    createWrongOrder: call(orders, orders.CreateWrongOrder),
    createPessimisticOrder: call(orders, orders.CreatePessimisticOrder),
    createOptimisticOrder: call(orders, orders.CreateOptimisticOrder),
    createOptimisticOrderUseRedis: call(orders, orders.CreateOptimisticOrderUseRedis),
    createOptimisticOrderUseRedisAndKafka: call(orders, orders.CreateOptimisticOrderUseRedisAndKafka),
    placeOrders: call(orders, orders.PlaceOrders),
    getOrders: call(orders, orders.GetOrders),
    listOrders: call(orders, orders.ListOrders),
    listManyOrders: call(orders, orders.ListManyOrders),
    startPayment: call(orders, orders.StartPayment),
    startPayments: call(orders, orders.StartPayments),
    recordPayment: call(orders, orders.RecordPayment),
    findPayments: call(orders, orders.FindPayments),
    recordPayments: call(orders, orders.RecordPayments),
    cancelOrder: call(orders, orders.CancelOrder),
    refundOrder: call(orders, orders.RefundOrder),
    refundStock: call(orders, orders.RefundStock),
    enterDraws: call(draws, draws.EnterDraws),
    getEntries: call(draws, draws.GetEntries),
    getDraw: call(draws, draws.GetDraw),
    listEntryIds: call(draws, draws.ListEntryIds),
  };
}

export type TestClient = ReturnType<typeof connectTestClient>;

/** The fields that google.rpc.BadRequest in an error's details names. */
export function violatedFields(error: ServiceError): string[] {
  return detailsOf<{ fieldViolations: { field: string }[] }>(error, 'BadRequest').flatMap(({ fieldViolations }) =>
    fieldViolations.map(({ field }) => field),
  );
}

/** google.rpc.ErrorInfo and RetryInfo of an error's details. */
export function faultDetails(error: ServiceError) {
  const [info] = detailsOf<{ reason: string; domain: string; metadata: Record<string, string> }>(error, 'ErrorInfo');
  const [retry] = detailsOf<{ retryDelay: { seconds: number; nanos: number } }>(error, 'RetryInfo');
  return { ...info, retryDelay: retry?.retryDelay };
}

function detailsOf<Detail extends object>(error: ServiceError, type: string): Detail[] {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const { details } = decode<{ details: { type_url: string; value: Buffer }[] }>('Status', bytes as Buffer);
  return details
    .filter(({ type_url }) => type_url === `type.googleapis.com/google.rpc.${type}`)
    .map(({ value }) => decode<Detail>(type, value));
}

function decode<Message extends object>(type: string, bytes: Buffer): Message {
  const definition = protoDefinition[`google.rpc.${type}`] as unknown as MessageTypeDefinition<Message, Message>;
  return definition.deserialize(bytes);
}
