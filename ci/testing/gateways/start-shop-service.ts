import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSigned, signWebhook } from '../../../proto/messages/sign-webhook.ts';
import type { NewServicePayment, NewServiceRefund } from '../../../proto/payments/http/payment-service-schemas.ts';
import { type DescribedCall, readPaymentServiceDescription } from './check-against-description.ts';
import { createEventSender } from './event-sender.ts';
import { createGatewayFaults, meetFault } from './gateway-faults.ts';
import { createShopPayments, type ShopPayment, ShopProblem } from './shop-payments.ts';

export type ShopServiceOptions = {
  secret: string;
  /** POST /api/v1/payments/webhook of the system. */
  webhookUrl: () => string;
  nowMs?: () => number;
};

export type ShopService = Awaited<ReturnType<typeof startShopService>>;

/**
 * A payment service as a shop would write it. Each call, answer and event is checked against docs/payment-service.openapi.json; `violations`
 * must be empty at the end.
 */
export async function startShopService({ secret, webhookUrl, nowMs = Date.now }: ShopServiceOptions) {
  const description = readPaymentServiceDescription();
  const faults = createGatewayFaults();
  const violations: string[] = [];
  const calls: { operationId: string; paymentId: string }[] = [];
  /** Changes the next answer. */
  const forged: ((answer: object) => unknown)[] = [];
  const events = createEventSender({ url: webhookUrl, sign: ({ id, body }) => signWebhook(secret, id, body) });
  let eventCount = 0;
  const shop = createShopPayments({
    nowMs,
    changed(paymentId) {
      const event = { type: 'payment.updated', timestamp: new Date(nowMs()).toISOString(), data: { paymentId } };
      note(() => description.checkEvent(event));
      events.add({ id: `event-${++eventCount}`, body: JSON.stringify(event) });
    },
  });

  function note(check: () => void): void {
    try {
      check();
    } catch (error) {
      violations.push((error as Error).message);
    }
  }

  function act(call: DescribedCall, body: unknown): { status: number; answer: object | undefined } {
    try {
      const answer = run(shop, call, body);
      note(() => call.checkAnswer(200, answer));
      return { status: 200, answer };
    } catch (error) {
      if (!(error instanceof ShopProblem)) throw error;
      note(() => call.checkAnswer(error.status, undefined));
      return { status: error.status, answer: undefined };
    }
  }

  function receive(request: IncomingMessage, raw: Buffer, response: ServerResponse): void {
    const method = request.method ?? '';
    const path = (request.url ?? '').replace('/base', '');
    const send = (status: number, body?: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? '' : JSON.stringify(body));
    };
    const call = description.find(method, path);
    if (!call) {
      violations.push(`${method} ${path} is not described`);
      send(404);
      return;
    }
    const body: unknown = raw.length > 0 ? JSON.parse(raw.toString()) : undefined;
    const { idempotencyKey = '' } = (body ?? {}) as Partial<NewServiceRefund>;
    const id = call.webhookIdForm.replace('{paymentId}', call.paymentId).replace('{idempotencyKey}', idempotencyKey);
    if (!isSigned(secret, request.headers, raw) || request.headers['webhook-id'] !== id) {
      send(401);
      return;
    }
    calls.push({ operationId: call.operationId, paymentId: call.paymentId });
    note(() => call.checkRequest(body));
    const isFaulty = meetFault(faults.take({ method, path }), response, send, () => act(call, body));
    if (isFaulty) return;
    const { status, answer } = act(call, body);
    send(status, answer && (forged.shift()?.(answer) ?? answer));
  }

  const server = createServer((request, response) => {
    if (faults.isAway()) {
      request.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => receive(request, Buffer.concat(chunks), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`,
    shop,
    events,
    faults,
    calls,
    violations,
    forged,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function run(shop: ReturnType<typeof createShopPayments>, call: DescribedCall, body: unknown): object {
  switch (call.operationId) {
    case 'createPayment':
      return show(shop.create(call.paymentId, body as NewServicePayment));
    case 'readPayment':
      return show(shop.read(call.paymentId));
    case 'endPayment':
      return show(shop.end(call.paymentId));
    case 'readRefunds':
      return { refunds: structuredClone(shop.read(call.paymentId).refunds) };
    case 'createRefund':
      return { refunds: structuredClone(shop.refund(call.paymentId, body as NewServiceRefund).refunds) };
    default:
      throw new ShopProblem(404);
  }
}

function show({ parameters, expiresAtMs, refunds, ...payment }: ShopPayment): object {
  return payment;
}
