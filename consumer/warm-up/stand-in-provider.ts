import { Server, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import type { GetStockRequest } from '../../proto/gen/flashsale/v1/GetStockRequest.ts';
import type { PlaceOrdersReplyInput } from '../../proto/gen/flashsale/v1/PlaceOrdersReply.ts';
import type { PlaceOrdersRequest } from '../../proto/gen/flashsale/v1/PlaceOrdersRequest.ts';
import type { StockInput } from '../../proto/gen/flashsale/v1/Stock.ts';
import { OrderService, StockService } from '../../proto/messages/load-protos.ts';
import { bindServer } from '../../proto/process/bind-server.ts';

export type StandInProvider = { address: string; close(): void };

const NAME = 'warm-up';

/**
 * A provider in this process, on a port of its own, for the warm-up only: it says that the log has each order, and calls `onPlaced`
 * with their numbers. It has one stock for each id.
 */
export async function startStandInProvider(onPlaced: (orderNos: string[]) => void): Promise<StandInProvider> {
  const server = new Server();
  server.addService(StockService.service, {
    GetStock: ({ request }: ServerUnaryCall<GetStockRequest, StockInput>, callback: sendUnaryData<StockInput>) =>
      callback(null, stockOf(request.sid)),
  });
  server.addService(OrderService.service, {
    PlaceOrders(
      { request }: ServerUnaryCall<PlaceOrdersRequest, PlaceOrdersReplyInput>,
      callback: sendUnaryData<PlaceOrdersReplyInput>,
    ) {
      const orderNos = request.orders.map(({ orderNo }) => orderNo);
      const stampMs = Date.now();
      const orders = orderNos.map((orderNo) => ({ orderNo, placement: 'APPENDED' as const, stampMs }));
      callback(null, { servedBy: NAME, orders });
      setImmediate(onPlaced, orderNos);
    },
  });
  const port = await bindServer(server, '127.0.0.1:0');
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

function stockOf(sid: number): StockInput {
  const units = { count: 1_000_000, sale: 0, version: 1 };
  const price = { priceCents: 1999, currency: 'EUR' };
  return { sid, name: NAME, kind: 'sale', ...units, ...price, readAtMs: Date.now(), freshForMs: 1000 };
}
