import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { createEventSender } from './event-sender.ts';
import { createGatewayFaults, meetFault } from './gateway-faults.ts';
import { createStripeAccount, type StripeAccount } from './stripe-account.ts';
import { type Form, parseForm, textAt } from './stripe-form.ts';
import { notFound, StripeProblem } from './stripe-problem.ts';

export type StripeServerOptions = {
  secretKey: string;
  webhookSecret: string;
  /** POST /api/v1/payments/webhook/stripe of the system. */
  webhookUrl: () => string;
  nowMs?: () => number;
};

type Answer = { status: number; body: object };
type SavedAnswer = Answer & { request: string };

export type StripeServer = Awaited<ReturnType<typeof startStripeServer>>;

/**
 * A server that answers as Stripe documents it (docs.stripe.com/api): Checkout Sessions, refunds, disputes, idempotency keys, errors. Its
 * events are signed by Stripe's own library and wait until the test delivers them.
 */
export async function startStripeServer({
  secretKey,
  webhookSecret,
  webhookUrl,
  nowMs = Date.now,
}: StripeServerOptions) {
  const faults = createGatewayFaults();
  const saved = new Map<string, SavedAnswer>();
  const calls: { method: string; path: string; key: string | null; version: string | null }[] = [];
  const signer = new Stripe(secretKey).webhooks;
  const events = createEventSender({
    url: webhookUrl,
    sign: ({ body }) => ({
      'stripe-signature': signer.generateTestHeaderString({ payload: body, secret: webhookSecret }),
    }),
  });
  const account = createStripeAccount({
    nowMs,
    emit(type, object) {
      const id = `evt_${randomBytes(12).toString('hex')}`;
      events.add({ id, body: JSON.stringify({ id, object: 'event', type, data: { object } }) });
    },
  });

  /** Answers a request once for each idempotency key. */
  function answerOnce(
    method: string,
    path: string,
    text: string,
    key: string | null,
    failed: boolean,
  ): Answer & { replayed?: true } {
    const request = `${method} ${path} ${text}`;
    const first = key === null ? undefined : saved.get(key);
    if (first && first.request !== request) {
      const problem = new StripeProblem(
        400,
        'idempotency_error',
        null,
        'Keys for idempotent requests can only be used with the same parameters they were first used with.',
      );
      return { status: problem.status, body: problem.body };
    }
    if (first) return { status: first.status, body: first.body, replayed: true };
    const { isSaved, ...answer } = run(() => handle(account, method, path, parseForm(text)));
    const result = failed ? { status: 500, body: apiError(500) } : answer;
    if (key !== null && isSaved) saved.set(key, { ...result, request });
    return result;
  }

  function receive(request: IncomingMessage, text: string, response: ServerResponse): void {
    const { pathname, search } = new URL(request.url ?? '/', 'http://stripe');
    const method = request.method ?? 'GET';
    const key = request.headers['idempotency-key']?.toString() ?? null;
    calls.push({ method, path: pathname, key, version: request.headers['stripe-version']?.toString() ?? null });
    const send = ({ status, body, replayed }: Answer & { replayed?: true }) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'request-id': `req_${randomBytes(7).toString('hex')}`,
        ...(replayed && { 'idempotent-replayed': 'true' }),
      });
      response.end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${secretKey}`) {
      const problem = new StripeProblem(401, 'invalid_request_error', null, 'Invalid API Key provided');
      send({ status: 401, body: problem.body });
      return;
    }
    const act = (failed: boolean) =>
      answerOnce(method, pathname, method === 'GET' ? search.slice(1) : text, key, failed);
    const isFaulty = meetFault(
      faults.take({ method, path: pathname }),
      response,
      (status) => send({ status, body: apiError(status) }),
      act,
    );
    if (!isFaulty) send(act(false));
  }

  const server = createServer((request, response) => {
    if (faults.isAway()) return void request.socket.destroy();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => receive(request, Buffer.concat(chunks).toString(), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account,
    events,
    faults,
    calls,
    /** Stripe removes keys that are older than 24 hours. */
    forgetKeys: () => saved.clear(),
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function run(work: () => object): Answer & { isSaved: boolean } {
  try {
    return { status: 200, body: structuredClone(work()), isSaved: true };
  } catch (error) {
    if (!(error instanceof StripeProblem)) throw error;
    return { status: error.status, body: error.body, isSaved: error.isSaved };
  }
}

function apiError(status: 429 | 500): object {
  if (status === 429)
    return { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests' } };
  return { error: { type: 'api_error', message: 'An unknown error occurred' } };
}

function handle(account: StripeAccount, method: string, path: string, form: Form): object {
  const [, id = '', verb = ''] = /^\/v1\/checkout\/sessions\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
  const intentId = textAt(form, 'payment_intent') ?? '';
  const { expand, ...params } = form;
  const isExpanded = expand !== undefined;
  const show = (session: ReturnType<StripeAccount['readSession']>) =>
    isExpanded ? expandSession(account, session) : session;
  switch (`${method} ${path.replace(id || /$^/, ':id')}`) {
    case 'POST /v1/checkout/sessions':
      return show(account.createSession(params));
    case 'GET /v1/checkout/sessions':
      return list(account.findSessions(intentId).map(show));
    case 'GET /v1/checkout/sessions/:id':
      return show(account.readSession(id));
    case `POST /v1/checkout/sessions/:id/${verb}`:
      if (verb !== 'expire') break;
      return show(account.expireSession(id));
    case 'POST /v1/refunds':
      return account.createRefund(params);
    case 'GET /v1/refunds':
      return list(account.findRefunds(intentId));
    case 'GET /v1/disputes':
      return list(account.findDisputes(intentId));
  }
  throw notFound(`route: ${method} ${path}`);
}

function list(data: object[]): object {
  return { object: 'list', data, has_more: false };
}

/** With `payment_intent.latest_charge`, which is the only expansion that the system asks for. */
function expandSession(account: StripeAccount, session: ReturnType<StripeAccount['readSession']>): object {
  const intent = session.payment_intent && account.intents.get(session.payment_intent);
  if (!intent) return session;
  const charge = intent.latest_charge && account.charges.get(intent.latest_charge);
  return Object.assign({}, session, { payment_intent: Object.assign({}, intent, { latest_charge: charge || null }) });
}
