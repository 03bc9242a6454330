import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CreateOrderReply } from '../../proto/gen/flashsale/v1/CreateOrderReply.ts';
import { mintLadderNumber } from '../../proto/messages/order-number.ts';
import { isStockId } from '../../proto/messages/order-record.ts';
import { warnRarely } from '../../proto/process/warn-rarely.ts';
import { takeAnyBody } from '../http/take-any-body.ts';
import type { OrderToPlace, PlacedBy } from '../orders/order-placer.ts';
import type { Providers } from '../providers/connect-providers.ts';

export type LadderOptions = {
  providers: Providers;
  placeOrder(order: OrderToPlace): Promise<PlacedBy>;
  /** False: the limiter refuses. */
  letThrough(sid: number): Promise<boolean>;
  limitStatus: number;
};

type Sold = { orderNo: string; servedBy: string };
type Sell = (sid: number) => Promise<Sold>;
type Warn = (fields: Record<string, unknown>) => void;
const NONE = '0';

/** The six ways to sell: any method, plain text, the order's number or 0, as they have always answered. */
export function ladderRoutes(parts: LadderOptions) {
  const { providers, letThrough, limitStatus } = parts;
  const call =
    (rpc: (request: { sid: number }) => Promise<CreateOrderReply>): Sell =>
    (sid) =>
      rpc({ sid });

  return async (app: FastifyInstance): Promise<void> => {
    takeAnyBody(app);
    const warn = warnRarely(app.log, 'ladder call failed');

    function way(path: string, sell: Sell, limited: boolean): void {
      app.all<{ Params: { sid: string } }>(`/${path}/:sid`, async (request, reply) => {
        const sid = readStockId(request);
        reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store');
        if (sid === null) return NONE;
        if (limited && !(await letThrough(sid))) return reply.code(limitStatus).send('request has limited');
        return answer(request, reply, warn, () => sell(sid));
      });
    }

    const { createOptimisticOrder, createOptimisticOrderUseRedis } = providers;
    way('createWrongOrder', call(providers.createWrongOrder), false);
    way('createPessimisticOrder', call(providers.createPessimisticOrder), false);
    way('createOptimisticOrder', call(createOptimisticOrder), false);
    way('createOptimisticLimitOrder', call(createOptimisticOrder), true);
    way('createOptimisticLimitOrderByRedis', call(createOptimisticOrderUseRedis), true);
    way('createOptimisticLimitOrderByRedisAndKafka', (sid) => sellByLog(parts, sid), true);
  };
}

function readStockId(request: FastifyRequest<{ Params: { sid: string } }>): number | null {
  const { sid } = request.params;
  return /^[1-9]\d{0,15}$/.test(sid) && isStockId(Number(sid)) ? Number(sid) : null;
}

/** A fault is `0` for the buyer, an `x-failed` header for whoever counts, and a line in the log. */
async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  warn: Warn,
  sell: () => Promise<Sold>,
): Promise<string> {
  try {
    const { orderNo, servedBy } = await sell();
    reply.header('x-provider', servedBy);
    return orderNo || NONE;
  } catch (error) {
    warn({ err: error, url: request.url, requestId: request.id });
    reply.header('x-failed', '1');
    return NONE;
  }
}

/** Way 6: the number is minted here, and answered as soon as the log has it. */
async function sellByLog({ placeOrder }: LadderOptions, sid: number): Promise<Sold> {
  const orderNo = mintLadderNumber(sid);
  const { placement, decided, servedBy } = await placeOrder({ orderNo, sid, buyer: orderNo, mintedAtMs: Date.now() });
  if (placement === 'UNAVAILABLE' || placement === 'REFUSED_BUSY') throw new Error(`order not placed: ${placement}`);
  const sold = placement === 'APPENDED' || (placement === 'DECIDED' && decided?.decision === 'CONFIRMED');
  return { orderNo: sold ? orderNo : '', servedBy };
}
