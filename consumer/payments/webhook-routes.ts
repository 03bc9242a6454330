import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { isSigned } from '../../proto/messages/sign-webhook.ts';
import { paymentUpdatedSchema } from '../../proto/payments/http/payment-service-schemas.ts';
import type { PaymentGateway } from '../../proto/payments/payment-gateway.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import { problemResponses } from '../api/api-schemas.ts';
import { asReply } from '../http/direct-reply.ts';
import { Problem } from '../http/problem.ts';
import { nameOrder } from '../orders/name-order.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { acceptRawBody } from './accept-raw-body.ts';
import type { PaymentCalls } from './payment-calls.ts';
import { createHintSettler } from './settle-hint.ts';

// The same limit as in nginx.
const BODY_LIMIT = 16 * 1024;

export type WebhookRoutesOptions = {
  config: Pick<ConsumerConfig, 'WEBHOOK_SECRET'>;
  gateway: PaymentGateway | null;
  providers: Pick<Providers, 'settlePayment'>;
  paymentCalls: Pick<PaymentCalls, 'recordPayment'>;
  logger: Logger;
  traces?: Traces | undefined;
};

/** POST /payments/webhook. In a scope of its own, because the signature covers the raw body. */
export function webhookRoutes({ config, gateway, providers, paymentCalls, logger, traces }: WebhookRoutesOptions) {
  const settleHint = gateway?.name === 'http' ? createHintSettler({ gateway, providers, logger }) : null;

  async function receive(request: FastifyRequest, reply: FastifyReply): Promise<{ outcome: string }> {
    const name = (orderNo: string) => nameOrder(asReply(reply), orderNo, traces);
    const body = request.body ?? Buffer.alloc(0);
    if (!Buffer.isBuffer(body) || !isSigned(config.WEBHOOK_SECRET, request.headers, body)) {
      throw new Problem('invalid_signature');
    }
    const event = parseEvent(body);
    if (event.type === 'payment.updated' && settleHint) {
      if (!isUpdate.Check(event.data)) throw new Problem('invalid_request', '`data` names no payment.');
      const { paymentId } = event.data;
      return settleHint(async () => ({ paymentId, sessionId: paymentId, chargeId: null }), name);
    }
    // Unknown types are accepted: otherwise the gateway would retry them.
    if (event.type !== 'payment.succeeded') return { outcome: 'IGNORED' };
    if (!isPayment.Check(event.data)) throw new Problem('invalid_request', '`data` is not a payment.');
    const eventId = String(request.headers['webhook-id']);
    // Field by field: `data` may contain others, such as an eventId that is not the event's own.
    const { paymentId, orderNo, amountCents, currency } = event.data;
    const payment = { eventId, paymentId, orderNo, amountCents, currency };
    name(orderNo);
    const { outcome, repeatedEvent } = await paymentCalls.recordPayment(payment);
    if (!repeatedEvent && ['WRONG_AMOUNT', 'NO_PAYMENT', 'KEPT'].includes(outcome)) {
      logger.warn({ ...payment, outcome }, 'payment not applied');
    }
    return { outcome };
  }

  return async (app: FastifyInstance): Promise<void> => {
    acceptRawBody(app, BODY_LIMIT);
    app.post('/payments/webhook', { schema }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return receive(request, reply);
    });
  };
}

function parseEvent(body: Buffer): { type: string; data: unknown } {
  let event: unknown;
  try {
    event = JSON.parse(body.toString());
  } catch {
    throw new Problem('bad_request', 'The body is not JSON.');
  }
  if (!isEvent.Check(event)) {
    throw new Problem('invalid_request', '`type` or `data` is missing.');
  }
  return event;
}

const paymentSchema = Type.Object({
  paymentId: Type.String({ examples: ['pay_01JGZ5Q3C8W4T2M6N7P9R0S1V3'] }),
  orderNo: Type.String(),
  amountCents: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Amount paid' }),
  currency: Type.String({ description: 'ISO 4217', pattern: '^[A-Z]{3}$', examples: ['CNY'] }),
});

const isPayment = Compile(paymentSchema);
const isUpdate = Compile(paymentUpdatedSchema.properties.data);
const isEvent = Compile(Type.Object({ type: Type.String(), data: Type.Unknown() }));

const schema = {
  operationId: 'receiveWebhook',
  summary: 'Receive a webhook of the payment gateway',
  description: [
    'Standard Webhooks: the headers `webhook-id`, `webhook-timestamp` and `webhook-signature` sign the raw body. The timestamp may differ',
    'by 300 s. `payment.succeeded` (sandbox) pays an order: each `webhook-id` is processed once, and a repeat gets the first response.',
    '`payment.updated` (GATEWAY=http) has only `data.paymentId`; the payment is then read from the service. Other types are ignored.',
  ].join(' '),
  tags: ['payments'],
  body: Type.Object({
    type: Type.String({ examples: ['payment.succeeded', 'payment.updated'] }),
    timestamp: Type.Optional(Type.String({ format: 'date-time' })),
    data: paymentSchema,
  }),
  response: {
    200: Type.Object(
      {
        outcome: Type.String({
          enum: [
            'PAID',
            'ALREADY_PAID',
            'PAYMENT_REFUNDED',
            'WRONG_AMOUNT',
            'NO_PAYMENT',
            'KEPT',
            'NOT_PAID',
            'IGNORED',
          ],
          description:
            'Result. `KEPT`: the order is unknown; the payment is applied once the order exists. `NOT_PAID`: no money has come',
        }),
      },
      { description: 'Recorded; the gateway need not retry' },
    ),
    ...problemResponses('bad_request', 'invalid_request', 'invalid_signature', 'body_too_large', 'unavailable'),
  },
};
