import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import { isOrderNo } from '../../proto/messages/order-record.ts';
import { traceIdOf } from '../../proto/traces/trace-id-of.ts';
import { bearerSecurity, nullable, orderNoParams, problemResponses, time } from '../api/api-schemas.ts';
import { isoOrNull } from '../api/iso-or-null.ts';
import type { Identify } from '../auth/identify.ts';
import { Problem } from '../http/problem.ts';
import type { OrderClient } from '../orders/order-client.ts';
import { orderSchema } from '../orders/order-schemas.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { adminPayments, adminPaymentView } from './admin-payments.ts';
import type { DeliveryAnswer, FindDelivery } from './delivery-trace.ts';

const STEPS = ['minted', 'appended', 'decided', 'told', 'paid', 'ended'] as const;
type Step = { step: (typeof STEPS)[number]; at: string | null; by: string | null };

export type TraceRoutesOptions = {
  config: Pick<ConsumerConfig, 'TRACE_URL'>;
  identify: Identify;
  orders: Pick<OrderClient, 'getOrder'>;
  findDelivery: FindDelivery;
};

/** GET /admin/orders/{orderNo}/trace: the steps of one order. */
export function traceRoutes({ config, identify, orders, findDelivery }: TraceRoutesOptions) {
  const { TRACE_URL: traceUrl } = config;
  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    api.get('/admin/orders/:orderNo/trace', { schema, onRequest: identify.adminOnly }, async (request, reply) => {
      const { orderNo } = request.params;
      reply.header('cache-control', 'no-store');
      const order = isOrderNo(orderNo) ? await orders.getOrder(orderNo) : null;
      if (!order) throw new Problem('order_not_found');
      const { sid, buyer, state, decision, decidedBy, logPartition, logOffset, logIndex } = order;
      const traceId = traceIdOf(orderNo);
      const isLogged = decidedBy === 'log';
      return {
        orderNo,
        traceId,
        traceUrl: traceUrl === '' ? null : traceUrl.replaceAll('{traceId}', traceId),
        sid: String(sid),
        buyer,
        state,
        decision: decision.toLowerCase(),
        decidedBy,
        partition: isLogged ? logPartition : null,
        offset: isLogged ? String(logOffset) : null,
        index: isLogged ? logIndex : null,
        steps: stepsOf(order, await findDelivery(orderNo)),
        payments: order.payments.map(adminPaymentView),
      };
    });
  };
}

function stepsOf(order: Order, delivery: DeliveryAnswer | null): Step[] {
  const step = (step: Step['step'], atMs: number | null | undefined, by: string | null = null) => ({
    step,
    at: isoOrNull(atMs),
    by,
  });
  return [
    step('minted', order.mintedAtMs),
    step('appended', order.appendedAtMs),
    step('decided', order.createdAtMs, delivery?.worker ?? null),
    step('told', delivery?.atMs ?? null, delivery?.consumer ?? null),
    step('paid', order.paidAtMs),
    step('ended', order.endedAtMs),
  ];
}

const { orderNo, sid, state, decision } = orderSchema.properties;

const schema = {
  operationId: 'traceOrder',
  summary: 'Trace an order',
  description:
    'All steps with their times, each by the clock of its host: `minted` by a consumer, `appended` by the Kafka producer, `decided` by the database, `told`: delivered to the consumer that waited. An order that is not decided yet is not found.',
  tags: ['admin'],
  security: bearerSecurity,
  params: orderNoParams,
  response: {
    200: Type.Object(
      {
        orderNo,
        traceId: Type.String({
          pattern: '^[0-9a-f]{32}$',
          description: 'In log lines about this order, in the header `traceresponse` of its answers, and in traces',
          examples: ['7f2f2fd1c8a1f2a34b9c5d6e7f809102'],
        }),
        traceUrl: nullable(
          Type.String({
            description: 'Page of this trace in the store of traces (TRACE_URL); null: none is set',
            examples: ['https://traces.example/trace/7f2f2fd1c8a1f2a34b9c5d6e7f809102'],
          }),
        ),
        sid,
        state,
        decision,
        buyer: Type.String({ examples: ['ann'] }),
        decidedBy: Type.String({
          enum: ['log', 'direct', 'ladder'],
          description:
            '`log`: by an order-worker; `direct`: by a provider, without the log; `ladder`: by a strategy of the ladder',
        }),
        partition: nullable(Type.Integer({ description: 'Partition of the log; null: decided without the log' })),
        offset: nullable(Type.String({ description: 'Offset in the partition', examples: ['4711'] })),
        index: nullable(Type.Integer({ description: 'Place inside the record at this offset, from 0' })),
        steps: Type.Array(
          Type.Object({
            step: Type.String({ enum: [...STEPS] }),
            at: nullable(time('Time; null: it has not happened, or is no longer known')),
            by: nullable(Type.String({ description: 'The process, if known', examples: ['consumer-1'] })),
          }),
          { description: 'All steps, in this order' },
        ),
        payments: adminPayments,
      },
      { description: 'The trace' },
    ),
    ...problemResponses('forbidden', 'order_not_found'),
  },
};
