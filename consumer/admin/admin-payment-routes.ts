import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { OrderPayment } from '../../proto/gen/flashsale/v1/OrderPayment.ts';
import { isOrderNo } from '../../proto/messages/order-record.ts';
import { isPaymentId } from '../../proto/payments/is-payment-id.ts';
import { bearerSecurity, orderNoParams, problemResponses } from '../api/api-schemas.ts';
import type { Identify } from '../auth/identify.ts';
import { Problem } from '../http/problem.ts';
import { paymentIdParams } from '../payments/payment-id-params.ts';
import { orderOfPayment } from '../payments/payment-read-routes.ts';
import type { PaymentReads } from '../payments/payment-reads.ts';
import { refundIdOf, refundProperties, refunds, refundView } from '../payments/refund-view.ts';
import type { Providers } from '../providers/connect-providers.ts';
import { adminPaymentProperties, adminPayments, adminPaymentView } from './admin-payments.ts';
import { doubtfulPayments, doubtfulPaymentView } from './doubtful-payments.ts';

export type AdminPaymentRoutesOptions = {
  identify: Identify;
  payments: PaymentReads;
  providers: Pick<Providers, 'listDoubtfulPayments'>;
};

/** Reads of payments and refunds for administrators. */
export function adminPaymentRoutes({ identify, payments, providers }: AdminPaymentRoutesOptions) {
  async function paymentsOf(orderNo: string): Promise<OrderPayment[]> {
    const order = isOrderNo(orderNo) ? await payments.find({ orderNo }) : null;
    if (!order) throw new Problem('order_not_found');
    return order.payments;
  }

  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();

    const list = { schema: listSchema, onRequest: identify.adminOnly };
    api.get('/admin/orders/:orderNo/payments', list, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { payments: (await paymentsOf(request.params.orderNo)).map(adminPaymentView) };
    });

    api.get('/admin/payments', { schema: doubtfulSchema, onRequest: identify.adminOnly }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const page = await providers.listDoubtfulPayments({ pageSize: request.query.limit });
      return { payments: page.payments.map(doubtfulPaymentView) };
    });

    const get = { schema: getSchema, onRequest: identify.adminOnly };
    api.get('/admin/payments/:paymentId', get, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { paymentId } = request.params;
      const order = isPaymentId(paymentId) ? await payments.find({ paymentId }) : null;
      const payment = order?.payments.find((other) => other.paymentId === paymentId);
      if (!order || !payment) throw new Problem('payment_not_found');
      return { orderNo: order.orderNo, buyer: order.buyer, ...adminPaymentView(payment) };
    });

    const listRefunds = { schema: refundsSchema, onRequest: identify.adminOnly };
    api.get('/admin/orders/:orderNo/refunds', listRefunds, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const found = await paymentsOf(request.params.orderNo);
      return { refunds: found.map(refundView).filter((refund) => refund !== null) };
    });

    const getRefund = { schema: refundSchema, onRequest: identify.adminOnly };
    api.get('/admin/orders/:orderNo/refunds/:refundId', getRefund, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { orderNo, refundId } = request.params;
      const found = (await paymentsOf(orderNo)).find(({ paymentId }) => refundIdOf(paymentId) === refundId);
      const refund = found && refundView(found);
      if (!refund) throw new Problem('refund_not_found');
      return refund;
    });
  };
}

const listSchema = {
  operationId: 'listOrderPayments',
  summary: 'List the payments of an order',
  description: 'With the ids of the gateway, disputes and refunds.',
  tags: ['admin'],
  security: bearerSecurity,
  params: orderNoParams,
  response: {
    200: Type.Object({ payments: adminPayments }, { description: 'The payments' }),
    ...problemResponses('forbidden', 'order_not_found', 'unavailable'),
  },
};

const doubtfulSchema = {
  operationId: 'listDoubtfulPayments',
  summary: 'List the payments in doubt',
  description: [
    'Payments of which the gateway may know more than the database; `npm run reconcile` asks it about them.',
    'At most `limit` of each kind (refunds, sessions, payments that were never read at the gateway), oldest first.',
  ].join(' '),
  tags: ['admin'],
  security: bearerSecurity,
  querystring: Type.Object(
    {
      inDoubt: Type.Boolean({ const: true, description: 'Only payments in doubt can be listed' }),
      limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Maximum number of each kind' }),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object({ payments: doubtfulPayments }, { description: 'The payments' }),
    ...problemResponses('forbidden', 'unavailable'),
  },
};

const getSchema = {
  operationId: 'getOrderPayment',
  summary: 'Get a payment',
  tags: ['admin'],
  security: bearerSecurity,
  params: paymentIdParams,
  response: {
    200: Type.Object(
      { orderNo: orderOfPayment, buyer: Type.String({ examples: ['ann'] }), ...adminPaymentProperties },
      { description: 'The payment' },
    ),
    ...problemResponses('forbidden', 'payment_not_found', 'unavailable'),
  },
};

const refundsSchema = {
  operationId: 'listRefunds',
  summary: 'List the refunds of an order',
  tags: ['admin'],
  security: bearerSecurity,
  params: orderNoParams,
  response: {
    200: Type.Object({ refunds }, { description: 'The refunds' }),
    ...problemResponses('forbidden', 'order_not_found', 'unavailable'),
  },
};

const refundSchema = {
  operationId: 'getRefund',
  summary: 'Get a refund of an order',
  tags: ['admin'],
  security: bearerSecurity,
  params: Type.Object(
    { ...orderNoParams.properties, refundId: Type.String({ maxLength: 200, description: '`refundId` of a refund' }) },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object(refundProperties, { description: 'The refund' }),
    ...problemResponses('forbidden', 'order_not_found', 'refund_not_found', 'unavailable'),
  },
};
