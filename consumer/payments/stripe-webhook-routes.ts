import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Traces } from '../../proto/traces/traces.ts';
import { problemResponses } from '../api/api-schemas.ts';
import { asReply } from '../http/direct-reply.ts';
import { Problem } from '../http/problem.ts';
import { nameOrder } from '../orders/name-order.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { acceptRawBody } from './accept-raw-body.ts';
import { createHintSettler, type HintSettlerOptions } from './settle-hint.ts';

// The same limit as in nginx. Events of disputes contain their evidence.
const BODY_LIMIT = 256 * 1024;

export type StripeWebhookRoutesOptions = Omit<HintSettlerOptions, 'gateway'> & {
  config: Pick<ConsumerConfig, 'STRIPE_WEBHOOK_SECRET' | 'STRIPE_SECRET_KEY' | 'STRIPE_API_URL'>;
  gateway: HintSettlerOptions['gateway'] | null;
  traces?: Traces | undefined;
};

/** POST /payments/webhook/stripe, with GATEWAY=stripe. */
export function stripeWebhookRoutes({ config, gateway, providers, logger, traces }: StripeWebhookRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    if (gateway?.name !== 'stripe') return;
    // Loads the package of Stripe.
    const { createStripeEvents } = await import('../../proto/payments/stripe/stripe-events.ts');
    const events = createStripeEvents(config.STRIPE_WEBHOOK_SECRET, {
      secretKey: config.STRIPE_SECRET_KEY,
      apiUrl: config.STRIPE_API_URL,
    });
    const settleHint = createHintSettler({ gateway, providers, logger });
    acceptRawBody(app, BODY_LIMIT);
    app.post('/payments/webhook/stripe', { schema }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { 'stripe-signature': signature } = request.headers;
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const event = typeof signature === 'string' ? events.verify(body, signature) : null;
      if (!event) throw new Problem('invalid_signature');
      const { hint } = event;
      // Other events are acknowledged: otherwise Stripe would send them again.
      if (!hint) return { outcome: 'IGNORED' };
      return settleHint(
        () => events.findPayment(hint),
        (orderNo) => nameOrder(asReply(reply), orderNo, traces),
      );
    });
  };
}

const schema = {
  operationId: 'receiveStripeEvent',
  summary: 'Receive an event of Stripe',
  description: [
    'Signed by Stripe (`stripe-signature`) with one of the secrets of STRIPE_WEBHOOK_SECRET, not older than 300 s. An event is a hint: the',
    'payment that it names is read from Stripe. Events that change no payment are ignored. Only with GATEWAY=stripe.',
  ].join(' '),
  tags: ['payments'],
  response: {
    200: Type.Object({ outcome: Type.String() }, { description: 'Done; Stripe need not send the event again' }),
    ...problemResponses('bad_request', 'invalid_signature', 'body_too_large', 'unavailable', 'busy'),
  },
};
