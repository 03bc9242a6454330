import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { stockOfOrderNumber } from '../../proto/messages/order-number.ts';
import { isPaymentId } from '../../proto/payments/is-payment-id.ts';
import { bearerSecurity, orderNoParams, problemResponses } from '../api/api-schemas.ts';
import type { Identify } from '../auth/identify.ts';
import { Problem } from '../http/problem.ts';
import { paymentProperties } from '../orders/order-schemas.ts';
import { paymentView } from '../orders/order-view.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { paymentIdParams } from './payment-id-params.ts';
import type { PaymentReads } from './payment-reads.ts';

export type PaymentReadRoutesOptions = {
  config: Pick<ConsumerConfig, 'ORDER_NO_KEY'>;
  identify: Identify;
  payments: PaymentReads;
};

/** GET /orders/{orderNo}/payments and GET /payments/{paymentId}, for the buyer of the token. */
export function paymentReadRoutes({ config, identify, payments }: PaymentReadRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();

    const list = { schema: listSchema, onRequest: identify.buyerOnly };
    api.get('/orders/:orderNo/payments', list, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { orderNo } = request.params;
      const { buyer } = request.identity;
      if (stockOfOrderNumber(config.ORDER_NO_KEY, orderNo, buyer) === null) throw new Problem('order_not_found');
      const order = await payments.find({ orderNo });
      // An order without a row may be pending: it has no payments yet.
      if (order && order.buyer !== buyer) throw new Problem('order_not_found');
      return { payments: (order?.payments ?? []).map(paymentView) };
    });

    const get = { schema: getSchema, onRequest: identify.buyerOnly };
    api.get('/payments/:paymentId', get, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { paymentId } = request.params;
      const order = isPaymentId(paymentId) ? await payments.find({ paymentId }) : null;
      const payment = order?.payments.find((other) => other.paymentId === paymentId);
      if (!order || !payment || order.buyer !== request.identity.buyer) throw new Problem('payment_not_found');
      return { orderNo: order.orderNo, ...paymentView(payment) };
    });
  };
}

export const orderOfPayment = Type.String({ description: 'The order that it pays' });

const listSchema = {
  operationId: 'listPayments',
  summary: 'List the payments of your order',
  description: 'Oldest first, with their refunds. An order that is not decided yet has none.',
  tags: ['payments'],
  security: bearerSecurity,
  params: orderNoParams,
  response: {
    200: Type.Object({ payments: Type.Array(Type.Object(paymentProperties)) }, { description: 'The payments' }),
    ...problemResponses('order_not_found', 'unavailable'),
  },
};

const getSchema = {
  operationId: 'getPayment',
  summary: 'Get one of your payments',
  tags: ['payments'],
  security: bearerSecurity,
  params: paymentIdParams,
  response: {
    200: Type.Object({ orderNo: orderOfPayment, ...paymentProperties }, { description: 'The payment' }),
    ...problemResponses('payment_not_found', 'unavailable'),
  },
};
