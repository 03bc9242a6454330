import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { mintLadderNumber } from '../../proto/messages/order-number.ts';
import { isStockId } from '../../proto/messages/order-record.ts';
import { createRareWarning } from '../../proto/process/rare-warning.ts';
import { takeAnyBody } from '../http/take-any-body.ts';
import type { PlaceOrder } from '../orders/order-placer.ts';
import type { Providers } from '../providers/connect-providers.ts';

export type LadderRoutesOptions = {
  providers: Providers;
  placeOrder: PlaceOrder;
  /** False: the limiter refuses the request. */
  takeToken(sid: number): Promise<boolean>;
  limitStatus: number;
};

type Sold = { orderNo: string; servedBy: string };
type Sell = (sid: number) => Promise<Sold>;
type Warn = (fields: Record<string, unknown>) => void;
const NONE = '0';

/** The six strategies: any method, answered with plain text, the order number or 0. */
export function ladderRoutes({ providers, placeOrder, takeToken, limitStatus }: LadderRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    takeAnyBody(app);
    const warn = createRareWarning(app.log, 'ladder call failed');

    function addStrategy(path: string, sell: Sell, isLimited: boolean): void {
      app.all<{ Params: { sid: string } }>(`/${path}/:sid`, async (request, reply) => {
        const sid = readStockId(request);
        reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store');
        if (sid === null) return NONE;
        if (isLimited && !(await takeToken(sid))) return reply.code(limitStatus).send('request has limited');
        return answer(request, reply, warn, () => sell(sid));
      });
    }

    const optimistic: Sell = (sid) => providers.createOptimisticOrder({ sid });
    addStrategy('createWrongOrder', (sid) => providers.createWrongOrder({ sid }), false);
    addStrategy('createPessimisticOrder', (sid) => providers.createPessimisticOrder({ sid }), false);
    addStrategy('createOptimisticOrder', optimistic, false);
    addStrategy('createOptimisticLimitOrder', optimistic, true);
    const useRedis: Sell = (sid) => providers.createOptimisticOrderUseRedis({ sid });
    addStrategy('createOptimisticLimitOrderByRedis', useRedis, true);
    addStrategy('createOptimisticLimitOrderByRedisAndKafka', (sid) => sellByLog(placeOrder, sid), true);
  };
}

function readStockId(request: FastifyRequest<{ Params: { sid: string } }>): number | null {
  const { sid } = request.params;
  return /^[1-9]\d{0,15}$/.test(sid) && isStockId(Number(sid)) ? Number(sid) : null;
}

/** An error is answered with `0` and the header `x-failed`, and logged. */
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

/** Strategy `kafka`: the consumer creates the order number, and answers as soon as the log has the order. */
async function sellByLog(placeOrder: PlaceOrder, sid: number): Promise<Sold> {
  const orderNo = mintLadderNumber(sid);
  const { placement, decided, servedBy } = await placeOrder({ orderNo, sid, buyer: orderNo, mintedAtMs: Date.now() });
  if (placement === 'UNAVAILABLE' || placement === 'REFUSED_BUSY') throw new Error(`order not placed: ${placement}`);
  const isSold = placement === 'APPENDED' || (placement === 'DECIDED' && decided?.decision === 'CONFIRMED');
  return { orderNo: isSold ? orderNo : '', servedBy };
}
