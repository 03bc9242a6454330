import type { AddressInfo } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { isSigned } from '../../proto/messages/sign-webhook.ts';
import type { PaymentSession } from '../../proto/payments/payment-gateway.ts';
import { isRefund, readSession } from '../../proto/payments/sandbox-gateway.ts';
import { realClock } from '../../proto/process/clock.ts';
import { Problem } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { notePage, pagePolicy, payPage } from './sandbox-page.ts';
import { startWebhookSender } from './webhook-sender.ts';

/** The sandbox payment gateway, under /sandbox-gateway. It shares only the webhook secret with the rest of the consumer. */
export function sandboxRoutes(config: ConsumerConfig, logger: Logger) {
  const secret = config.WEBHOOK_SECRET;

  return async (app: FastifyInstance): Promise<void> => {
    const ownUrl = () => {
      const { address, family, port } = app.server.address() as AddressInfo;
      const host = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address;
      return `http://${family === 'IPv6' && host === address ? `[${host}]` : host}:${port}/api/v1/payments/webhook`;
    };
    const webhooks = startWebhookSender({
      url: () => config.GATEWAY_WEBHOOK_URL || ownUrl(),
      secret,
      logger,
      clock: realClock,
      delayMs: config.SANDBOX_WEBHOOK_DELAY_MS,
    });
    app.addHook('onClose', async () => webhooks.close());
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    });

    app.get<{ Querystring: { session?: unknown } }>('/pay', hidden, async (request, reply) => {
      const token = String(request.query.session ?? '');
      const session = readSession(secret, token);
      if (!session) return expired(reply);
      return html(reply, payPage(session, token), session.returnUrl);
    });

    app.post<{ Body: Record<string, unknown> | null }>('/pay', hidden, async (request, reply) => {
      const session = readSession(secret, String(request.body?.session ?? ''));
      if (!session) return expired(reply);
      const paid = request.body?.action === 'pay';
      if (!webhooks.send(...toWebhook(session, paid))) throw new Problem('busy');
      return reply.header('cache-control', 'no-store').redirect(returnAddress(session, paid), 303);
    });

    app.get('/done', hidden, async (_request, reply) =>
      html(reply, notePage('Thank you', 'You can close this page. Your order shows the payment in a moment.')),
    );

    await app.register(refunds(secret));
  };
}

/** POST /refunds, called by the order-worker. The sandbox stores nothing. */
function refunds(secret: string) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.post('/refunds', hidden, async (request) => {
      const { body } = request;
      if (!Buffer.isBuffer(body) || !isSigned(secret, request.headers, body)) throw new Problem('invalid_signature');
      const refund: unknown = JSON.parse(body.toString());
      if (!isRefund(refund) || refund.paymentId !== request.headers['webhook-id']) throw new Problem('invalid_request');
      return { paymentId: refund.paymentId, state: 'refunded' };
    });
  };
}

/** The return URL says that a payment was declined. That it succeeded, only the webhook says. */
function returnAddress({ returnUrl }: PaymentSession, paid: boolean): string {
  if (paid) return returnUrl;
  const url = new URL(returnUrl);
  url.searchParams.set('payment', 'declined');
  return url.href;
}

/** One webhook per payment and result, however often the button is clicked. */
function toWebhook(session: PaymentSession, paid: boolean): Parameters<ReturnType<typeof startWebhookSender>['send']> {
  const { paymentId, orderNo, amountCents, currency } = session;
  const type = paid ? 'payment.succeeded' : 'payment.failed';
  const data = { paymentId, orderNo, amountCents, currency };
  return [`${paymentId}-${paid ? 'succeeded' : 'failed'}`, { type, timestamp: new Date().toISOString(), data }];
}

function expired(reply: FastifyReply): FastifyReply {
  return html(
    reply.code(410),
    notePage('This page has expired', 'Its link is incomplete or too old. Start again from your order.'),
  );
}

function html(reply: FastifyReply, text: string, formTarget?: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .headers({ 'content-security-policy': pagePolicy(formTarget), 'cache-control': 'no-store' })
    .send(text);
}

/** Not part of the API: the pages of a real gateway are elsewhere. */
const hidden = { schema: { hide: true } };
