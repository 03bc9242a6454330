import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Type } from 'typebox';
import type { ChangeOrderReply } from '../../proto/gen/flashsale/v1/ChangeOrderReply.ts';
import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import { stockOfOrderNumber } from '../../proto/messages/order-number.ts';
import { isOrderNo } from '../../proto/messages/order-record.ts';
import type { PaymentGateway } from '../../proto/payments/payment-gateway.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import {
  bearerSecurity,
  idempotencyKeyHeader,
  idempotencyProblems,
  nullable,
  orderNoParams,
  problemResponses,
  reasonField,
} from '../api/api-schemas.ts';
import { checkIdempotencyKey, nameRequest } from '../api/idempotent-request.ts';
import { money, moneySchema } from '../api/money.ts';
import type { Identify } from '../auth/identify.ts';
import { nameActor } from '../auth/name-actor.ts';
import { asReply } from '../http/direct-reply.ts';
import { Problem } from '../http/problem.ts';
import { nameOrder } from '../orders/name-order.ts';
import { orderView } from '../orders/order-view.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { createPaymentOpener } from './open-payment.ts';
import type { PaymentCalls } from './payment-calls.ts';
import { refundProperties, refundView } from './refund-view.ts';

/** Of the column. Other than ASCII characters are longer in an encoded URL. */
const MAX_RETURN_URL = 2048;

export type PaymentRoutesOptions = {
  config: Pick<ConsumerConfig, 'PUBLIC_URL' | 'CORS_ORIGINS' | 'ORDER_NO_KEY'>;
  /** Null: orders cannot be paid. */
  gateway: PaymentGateway | null;
  identify: Identify;
  providers: Pick<Providers, 'keepSession' | 'cancelOrder' | 'refundOrder'>;
  paymentCalls: Pick<PaymentCalls, 'startPayment'>;
  logger: Logger;
  traces?: Traces | undefined;
};

/** Pay, cancel and refund an order. */
export function paymentRoutes(options: PaymentRoutesOptions) {
  const { config, gateway, identify, providers, paymentCalls, logger, traces } = options;
  const openPayment =
    gateway &&
    createPaymentOpener({
      gateway,
      startPayment: paymentCalls.startPayment,
      keepSession: providers.keepSession,
      logger,
      traces,
    });
  const defaultReturn = gateway?.name === 'sandbox' ? '/sandbox-gateway/done' : '/';
  const ownOrigins = [config.PUBLIC_URL && new URL(config.PUBLIC_URL).origin, ...config.CORS_ORIGINS.split(',')];

  /** The order number of the path, if it belongs to the buyer. */
  function ownOrderNo(orderNo: string, buyer: string): string {
    if (stockOfOrderNumber(config.ORDER_NO_KEY, orderNo, buyer) === null) throw new Problem('order_not_found');
    return orderNo;
  }

  /** Allows paths of this origin and URLs of configured origins, so that this is not an open redirect. */
  function resolveReturnUrl(text: string, publicUrl: string): string {
    const absolute = URL.parse(text);
    const url = absolute ?? URL.parse(text, publicUrl);
    const origins = absolute ? ownOrigins : [URL.parse(publicUrl)?.origin];
    // A path that starts with two slashes is another host when it is resolved again.
    const isAllowed = url && origins.includes(url.origin) && !url.pathname.startsWith('//');
    if (isAllowed && url.username === '' && url.password === '' && url.href.length <= MAX_RETURN_URL) return url.href;
    throw new Problem('invalid_request', 'returnUrl must be a path or a URL of an origin in CORS_ORIGINS', {
      errors: [{ in: 'body', field: 'returnUrl', message: 'must be a path or a URL of an origin in CORS_ORIGINS' }],
    });
  }

  async function openSession(request: FastifyRequest, orderNo: string, requestedReturn?: string) {
    if (!openPayment) throw new Problem('unavailable', 'Payments are switched off.');
    // PUBLIC_URL is required in production.
    const publicUrl = config.PUBLIC_URL || `${request.protocol}://${request.host}`;
    const returnUrl = resolveReturnUrl(requestedReturn ?? defaultReturn, publicUrl);
    const opened = await openPayment({ orderNo, buyer: request.identity.buyer, returnUrl });
    switch (opened.outcome) {
      case 'OPEN': {
        const { paymentId, amountCents, currency, redirectUrl } = opened;
        const amount = money(amountCents, currency);
        return { paymentId, orderNo, amount, redirectUrl: new URL(redirectUrl, publicUrl).href };
      }
      case 'NO_ORDER':
        throw pendingOrder();
      case 'NOT_PAYABLE':
        throw wrongState(opened.order);
      case 'NOT_OPENED':
        throw new Problem('unavailable', 'The payment gateway does not answer.');
      default:
        return opened satisfies never;
    }
  }

  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();

    const pay = { schema: paySchema, onRequest: identify.buyerOnly };
    api.post('/orders/:orderNo/payments', pay, async (request, reply) => {
      const orderNo = ownOrderNo(request.params.orderNo, request.identity.buyer);
      nameOrder(asReply(reply), orderNo, traces);
      const payment = await openSession(request, orderNo, request.body?.returnUrl);
      reply.code(201).headers({ 'cache-control': 'no-store', location: `/api/v1/payments/${payment.paymentId}` });
      return payment;
    });

    const cancel = { schema: cancelSchema, onRequest: identify.buyerOnly, preValidation: checkIdempotencyKey };
    const cancelOrder = async (request: FastifyRequest, reply: FastifyReply) => {
      const { buyer } = request.identity;
      const orderNo = ownOrderNo((request.params as { orderNo: string }).orderNo, buyer);
      nameOrder(asReply(reply), orderNo, traces);
      reply.header('cache-control', 'no-store');
      const change = await providers.cancelOrder({ orderNo, buyer, ...nameRequest(request) });
      if (change.outcome === 'ORDER_NOT_FOUND') throw pendingOrder();
      return orderView(changedOrder(change));
    };
    api.post('/orders/:orderNo/cancel', cancel, cancelOrder);

    const refund = { schema: refundSchema, onRequest: identify.adminOnly, preValidation: checkIdempotencyKey };
    api.post('/admin/orders/:orderNo/refunds', refund, async (request, reply) => {
      const { orderNo } = request.params;
      if (!isOrderNo(orderNo)) throw new Problem('order_not_found');
      nameOrder(asReply(reply), orderNo, traces);
      reply.header('cache-control', 'no-store');
      const change = await providers.refundOrder({
        orderNo,
        reason: request.body.reason,
        actor: nameActor(request),
        ...nameRequest(request),
      });
      if (change.outcome === 'ORDER_NOT_FOUND') throw new Problem('order_not_found');
      const { outcome } = change;
      logger.info({ orderNo, outcome, by: request.identity.buyer, reason: request.body.reason }, 'refund requested');
      const order = changedOrder(change);
      const refunds = order.payments.map(refundView).filter((found) => found !== null);
      const own = refunds.find(({ reason }) => reason === request.body.reason) ?? refunds[0] ?? null;
      if (own) reply.header('location', `/api/v1/admin/orders/${orderNo}/refunds/${own.refundId}`);
      reply.code(outcome === 'CHANGED' ? 201 : 200);
      return { refundId: own?.refundId ?? null, refund: own, order: orderView(order) };
    });
  };
}

/** The order after the change. A repeated call gets the same answer. */
export function changedOrder({ outcome, order }: ChangeOrderReply): Order {
  if ((outcome === 'CHANGED' || outcome === 'UNCHANGED') && order) return order;
  throw wrongState(order);
}

function wrongState(order: Order | null): Problem {
  const state = order?.state ?? 'unknown';
  const detail = state === 'awaiting_payment' ? 'The payment deadline has passed.' : `The order is ${state}.`;
  return new Problem('wrong_state', detail, { state });
}

/** A valid number without a row may still be decided, so it is not answered with 404. */
function pendingOrder(): Problem {
  return new Problem('wrong_state', 'The order is not decided yet.', { state: 'pending' }, { 'retry-after': '1' });
}

const orderAnswer = (description: string) => Type.Unsafe<object>({ description, $ref: 'Order#' });

const paySchema = {
  operationId: 'startPayment',
  summary: 'Start the payment of an order',
  description: [
    'Send the buyer to `redirectUrl`. The order becomes `paid` when the gateway’s webhook arrives: poll the order or use its event stream.',
    'While the order is unpaid, repeated calls return the same payment.',
  ].join(' '),
  tags: ['payments'],
  security: bearerSecurity,
  params: orderNoParams,
  body: Type.Optional(
    Type.Unsafe<{ returnUrl?: string } | null>({
      type: ['object', 'null'],
      additionalProperties: false,
      properties: {
        returnUrl: {
          type: 'string',
          minLength: 1,
          maxLength: 1000,
          description: 'Where the buyer returns: a path, or a URL of an origin in CORS_ORIGINS',
        },
      },
    }),
  ),
  response: {
    201: Type.Object(
      {
        paymentId: Type.String({ examples: ['pay_01JGZ5Q3C8W4T2M6N7P9R0S1V3'] }),
        orderNo: Type.String(),
        amount: moneySchema('Amount due'),
        redirectUrl: Type.String({ description: 'Payment page of the gateway' }),
      },
      { description: 'The payment', headers: { Location: { type: 'string', description: 'URL of the payment' } } },
    ),
    ...problemResponses('invalid_request', 'order_not_found', 'wrong_state', 'unavailable'),
  },
};

const cancelSchema = {
  operationId: 'cancelOrder',
  summary: 'Cancel an unpaid order',
  description: 'The unit can be sold again at once. Repeated calls get the same response.',
  tags: ['orders'],
  security: bearerSecurity,
  params: orderNoParams,
  headers: Type.Object(idempotencyKeyHeader),
  response: {
    200: orderAnswer('The cancelled order'),
    ...problemResponses('order_not_found', 'wrong_state', ...idempotencyProblems),
  },
};

const refundAnswer = {
  refundId: nullable(Type.String({ description: 'Null: the order was free, there is no money to return' })),
  refund: nullable(Type.Object(refundProperties)),
  order: Type.Unsafe<object>({ $ref: 'Order#' }),
};

const refundSchema = {
  operationId: 'refundOrder',
  summary: 'Refund a paid order',
  description: 'The unit can be sold again at once. The refund is requested from the gateway until it succeeds.',
  tags: ['admin'],
  security: bearerSecurity,
  params: orderNoParams,
  headers: Type.Object(idempotencyKeyHeader),
  body: Type.Object(
    {
      reason: reasonField('Kept with the payment and in the action log'),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object(refundAnswer, { description: 'The order was refunded before' }),
    201: Type.Object(refundAnswer, {
      description: 'The refund is requested',
      headers: { Location: { type: 'string', description: 'URL of the refund' } },
    }),
    ...problemResponses('invalid_request', 'forbidden', 'order_not_found', 'wrong_state', ...idempotencyProblems),
  },
};
