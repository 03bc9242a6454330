import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { isCurrency } from '../../proto/messages/is-currency.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import { crossOriginHeaders } from '../api/cross-origin-headers.ts';
import { type Money, money } from '../api/money.ts';
import type { Identify, Identity } from '../auth/identify.ts';
import { allowHosts } from '../http/allow-hosts.ts';
import { answerProblem } from '../http/answer-problems.ts';
import type { DirectHandler } from '../http/create-http.ts';
import { createRequestId } from '../http/create-request-id.ts';
import { type AskedRequest, DirectReply } from '../http/direct-reply.ts';
import { readIdempotencyKey } from '../http/read-headers.ts';
import type { CallLimits } from '../limits/call-limits.ts';
import { BUY_ROUTE, traceRequest } from '../orders/trace-request.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import type { Buy } from './create-buy.ts';

export type BuyDirectlyOptions = {
  app: FastifyInstance;
  config: Pick<ConsumerConfig, 'ALLOWED_HOSTS' | 'CORS_ORIGINS' | 'BLOCK_LIMIT'>;
  logger: Logger;
  metrics: Pick<Metrics, 'requestsOf' | 'abandonedOf'>;
  identify: Pick<Identify, 'find'>;
  calls: Pick<CallLimits, 'takeOrder'>;
  buy: Buy;
  traces?: Traces | undefined;
};

type Order = { sid: number; caller: Identity; maxPrice?: Money | undefined };

/** The body that the storefront sends. Other bodies are Fastify's. */
const BODY = /^\{"maxPrice":\{"amount":(0|[1-9]\d{0,14}),"currency":"([A-Z]{3})"\}\}$/;
const MAX_BODY_BYTES = 64;
/** As in nginx: the client closed the connection before the answer. */
const CLIENT_GONE = 499;
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;
const ORDERS = /^\/api\/v1\/stocks\/([1-9]\d{0,15})\/orders$/;

/**
 * Answers orders of the usual form without Fastify: without query, with no body or the storefront's, from a verified
 * buyer. Fastify's routing, hooks and schemas took a fifth of a consumer's CPU time for an order. All other requests pass to Fastify's
 * route, before they have any effect; both use the same functions for limits, orders and answers, and the same tests run against both
 * (buy-routes.test.ts, buy-directly.test.ts).
 */
export function buyDirectly(options: BuyDirectlyOptions): DirectHandler {
  const { app, config, logger, metrics, identify, calls, buy, traces } = options;
  const isAllowedHost = allowHosts(config.ALLOWED_HOSTS);
  const originHeaders = crossOriginHeaders(config.CORS_ORIGINS);
  const commonHeaders = Object.entries(app.commonHeaders);
  const count = metrics.requestsOf('POST', BUY_ROUTE);
  const countAbandoned = metrics.abandonedOf('POST', BUY_ROUTE);
  // While it drains, a server does not listen, and each connection closes after its next response.
  const isClosing = () => !app.server.listening;

  async function answer(request: IncomingMessage, response: ServerResponse, order: Order): Promise<void> {
    const { sid, caller, maxPrice } = order;
    const { url = '', headers } = request;
    const id = createRequestId(request);
    const asked: AskedRequest = {
      url,
      id,
      get log() {
        return logger.child({ requestId: id });
      },
    };
    const reply = new DirectReply({ request: asked, response, headers: commonHeaders, isClosing });
    reply.header('x-request-id', id).headers(originHeaders(headers.origin));
    response.on('close', () => {
      if (response.writableFinished) count(response.statusCode, reply.elapsedTime / 1000);
      else countAbandoned();
      if (!traces) return;
      const status = response.writableFinished ? response.statusCode : CLIENT_GONE;
      const elapsedMs = reply.elapsedTime;
      traceRequest(traces, { request: asked, method: 'POST', route: BUY_ROUTE, headers, status, elapsedMs });
    });
    try {
      calls.takeOrder(caller);
      const body = await buy({ sid, caller, headers, maxPrice }, reply);
      if (body !== reply) reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
    } catch (error) {
      answerProblem(error, asked, reply);
    }
  }

  /** The stock of an order of the usual form; null: Fastify answers. */
  function readSid({ method, url = '', headers }: IncomingMessage): number | null {
    if (method !== 'POST') return null;
    const sid = Number(ORDERS.exec(url)?.[1]);
    if (!Number.isSafeInteger(sid) || isClosing() || app.isUnderPressure?.()) return null;
    if (headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined) return null;
    return hasUsualBody(headers) && isAllowedHost(headers.host) ? sid : null;
  }

  return (request, response, pass) => {
    // Only Fastify knows the address of a client behind proxies.
    const sid = config.BLOCK_LIMIT > 0 ? null : readSid(request);
    if (sid === null) return pass();
    let caller: Identity | Promise<Identity>;
    try {
      readIdempotencyKey(request.headers['idempotency-key']);
      caller = identify.find(request.headers.authorization, logger);
    } catch {
      return pass();
    }
    const go = (caller: Identity) =>
      readBody(request, (maxPrice) => void answer(request, response, { sid, caller, maxPrice }), pass);
    if (caller instanceof Promise) caller.then(go, pass);
    else go(caller);
  };
}

function bodyLength(headers: IncomingHttpHeaders): number {
  return Number(headers['content-length'] ?? 0);
}

function hasUsualBody(headers: IncomingHttpHeaders): boolean {
  const length = bodyLength(headers);
  return length === 0 || (length <= MAX_BODY_BYTES && JSON_TYPE.test(headers['content-type'] ?? ''));
}

/** Calls `take` with the price limit of the body, or puts the body back and calls `pass`. */
function readBody(request: IncomingMessage, take: (maxPrice?: Money) => void, pass: () => void): void {
  if (bodyLength(request.headers) === 0) {
    take();
    return;
  }
  request.once('readable', () => {
    const bytes = request.read() as Buffer | null;
    const found = BODY.exec(bytes?.toString('latin1') ?? '');
    const currency = found?.[2] ?? '';
    if (found && isCurrency(currency)) return take(money(Number(found[1]), currency));
    if (bytes !== null) request.unshift(bytes);
    pass();
  });
}
