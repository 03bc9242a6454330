import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { status } from '@grpc/grpc-js';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { bearerSecurity, problemResponses, reasonField, sidParams } from '../api/api-schemas.ts';
import type { Identify } from '../auth/identify.ts';
import { nameActor } from '../auth/name-actor.ts';
import { orProblem } from '../http/to-problem.ts';
import type { Providers } from '../providers/connect-providers.ts';

export type StockRefundRoutesOptions = { identify: Identify; providers: Pick<Providers, 'refundStock'> };

/** POST /admin/stocks/{sid}/refunds: refunds a whole sale, call by call. */
export function stockRefundRoutes({ identify, providers }: StockRefundRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    const route = { schema, onRequest: identify.adminOnly };
    api.post('/admin/stocks/:sid/refunds', route, async (request, reply) => {
      const { sid } = request.params;
      const { reason } = request.body;
      const { refunded, failed, remaining } = await providers
        .refundStock({ sid, reason, actor: nameActor(request) })
        .catch(orProblem({ [status.NOT_FOUND]: 'stock_not_found', [status.FAILED_PRECONDITION]: 'conflict' }));
      const by = request.identity.buyer;
      request.log.info({ sid, refunded, failed: failed.length, remaining, by, reason }, 'refund of a sale requested');
      reply.header('cache-control', 'no-store');
      return { refunded, failed, remaining };
    });
  };
}

const schema = {
  operationId: 'refundStock',
  summary: 'Refund the paid orders of a stock',
  description: [
    'Refunds at most 200 paid orders, oldest first, each once; their units return. Repeat the call until `remaining` is 0, or until a call refunds',
    'none. The stock must be paused, closed or not open yet, because returned units would be sold again. Unpaid orders are not cancelled: one',
    'that is paid later is refunded by a later call. `Idempotency-Key` is ignored: a repeat goes on with the orders that are left.',
  ].join(' '),
  tags: ['admin'],
  security: bearerSecurity,
  params: sidParams,
  body: Type.Object(
    {
      reason: reasonField('Kept with the payments and in the action log'),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object(
      {
        refunded: Type.Integer({ description: 'Orders that this call refunded', examples: [200] }),
        failed: Type.Array(
          Type.Object({
            orderNo: Type.String(),
            code: Type.String({
              description: '`wrong_state`: its state has changed; `internal`: the log of the provider has the cause',
              examples: ['internal'],
            }),
          }),
          { description: 'Orders that this call could not refund' },
        ),
        remaining: Type.Integer({ description: 'Paid orders that are left, failed ones included', examples: [640] }),
      },
      { description: 'What this call has done' },
    ),
    ...problemResponses('invalid_request', 'forbidden', 'stock_not_found', 'conflict'),
  },
};
