import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { isSigned } from '../../proto/payments/sandbox-gateway.ts';
import { problemResponses } from '../api/api-schemas.ts';
import { Problem } from '../http/problem.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';

const BODY_LIMIT = 16 * 1024;

export type WebhookRoutesOptions = {
  config: Pick<ConsumerConfig, 'WEBHOOK_SECRET'>;
  providers: Pick<Providers, 'recordPayment'>;
  logger: Logger;
};

/** POST /payments/webhook. In a scope of its own, because the signature covers the raw body. */
export function webhookRoutes({ config, providers, logger }: WebhookRoutesOptions) {
  async function receive(request: FastifyRequest): Promise<{ outcome: string }> {
    const body = request.body ?? Buffer.alloc(0);
    if (!Buffer.isBuffer(body) || !isSigned(config.WEBHOOK_SECRET, request.headers, body)) {
      throw new Problem('invalid_signature');
    }
    const event = parseEvent(body);
    // New types of the gateway must not make it send them for ever.
    if (event.type !== 'payment.succeeded') return { outcome: 'IGNORED' };
    if (!Value.Check(paymentSchema, event.data)) throw new Problem('invalid_request', 'data is not a payment');
    const eventId = String(request.headers['webhook-id']);
    // One by one: `data` may hold more, such as an eventId that was not signed as the event's.
    const { paymentId, orderNo, amountCents, currency } = event.data;
    const payment = { eventId, paymentId, orderNo, amountCents, currency };
    const { outcome, repeatedEvent } = await providers.recordPayment(payment);
    if (!repeatedEvent && ['WRONG_AMOUNT', 'NO_PAYMENT', 'KEPT'].includes(outcome)) {
      logger.warn({ ...payment, outcome }, 'a payment that does not fit');
    }
    return { outcome };
  }

  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) => {
      done(null, body);
    });
    // The body is bytes until its signature has been checked; its schema is for readers.
    app.setValidatorCompiler(() => () => true);
    app.post('/payments/webhook', { schema }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return receive(request);
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
  if (!Value.Check(Type.Object({ type: Type.String(), data: Type.Unknown() }), event)) {
    throw new Problem('invalid_request', 'The body has no type or no data.');
  }
  return event;
}

const paymentSchema = Type.Object({
  paymentId: Type.String({ examples: ['pay_01JGZ5Q3C8W4T2M6N7P9R0S1V3'] }),
  orderNo: Type.String(),
  amountCents: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'What was paid' }),
  currency: Type.String({ description: 'ISO 4217', pattern: '^[A-Z]{3}$', examples: ['CNY'] }),
});

const schema = {
  operationId: 'receiveWebhook',
  summary: 'For the payment gateway',
  description: [
    'Standard Webhooks: the headers `webhook-id`, `webhook-timestamp` and `webhook-signature` sign the raw body, at most 300 s',
    'from now. Each `webhook-id` counts once; repeated, it gets the answer of the first time. Other types are ignored.',
  ].join(' '),
  tags: ['payments'],
  body: Type.Object({
    type: Type.String({ examples: ['payment.succeeded'] }),
    timestamp: Type.Optional(Type.String({ format: 'date-time' })),
    data: paymentSchema,
  }),
  response: {
    200: Type.Object(
      {
        outcome: Type.String({
          enum: ['PAID', 'ALREADY_PAID', 'PAYMENT_REFUNDED', 'WRONG_AMOUNT', 'NO_PAYMENT', 'KEPT', 'IGNORED'],
          description: 'What became of it; `KEPT`: its order is not known here, and it is settled once it is',
        }),
      },
      { description: 'Recorded: it need not be sent again' },
    ),
    ...problemResponses('bad_request', 'invalid_request', 'invalid_signature', 'body_too_large', 'unavailable'),
  },
};
