import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Ajv } from 'ajv';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { isCurrency } from '../../proto/messages/is-currency.ts';
import { runForRequest } from '../../proto/process/caller-scope.ts';
import { readTime } from '../../proto/settings/read-time.ts';
import type { SpanId } from '../../proto/traces/trace-id-of.ts';
import { parseTraceparent } from '../../proto/traces/traceparent.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { allowHosts } from './allow-hosts.ts';
import { answerBadHttp, answerBadUrl, answerProblems } from './answer-problems.ts';
import { compileForTexts, type TextSchema } from './compile-for-texts.ts';
import { createRequestId } from './create-request-id.ts';
import { Problem } from './problem.ts';
import { contentCodings } from './read-headers.ts';
import { dropTypeWithoutBody, takeJsonBody } from './take-json-body.ts';

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  // For JSON. Pages send a policy of their own.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Answers a request without Fastify, or calls `pass` before it has any effect: Fastify then answers. */
export type DirectHandler = (request: IncomingMessage, response: ServerResponse, pass: () => void) => void;

declare module 'fastify' {
  interface FastifyRequest {
    /** The order that the request is about, as soon as it has a number: log lines name it. */
    orderNo?: string | undefined;
    /** The first span of that order's trace. */
    trace?: SpanId | undefined;
  }
  interface FastifyInstance {
    /** The headers of every response, besides X-Request-Id. */
    commonHeaders: Record<string, string>;
    /** Sets the one handler that sees every request before Fastify. */
    handleDirectly(handler: DirectHandler): void;
  }
}

const KEEP_ALIVE_MS = 75_000;
const REQUEST_LIMIT_MS = 10_000;

/** Creates the HTTP server without routes: request ids, headers, validation and problems. */
export function createHttp(config: ConsumerConfig, name: string, logger: Logger): FastifyInstance {
  let direct: DirectHandler = (_request, _response, pass) => pass();
  const app: FastifyInstance = Fastify({
    serverFactory(handle) {
      const server = createServer((request, response) => direct(request, response, () => handle(request, response)));
      // Longer than nginx's keepalive, so that nginx closes idle connections and no request is lost in between.
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      server.requestTimeout = REQUEST_LIMIT_MS;
      return server;
    },
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    trustProxy: config.TRUST_PROXY.split(','),
    genReqId: createRequestId,
    bodyLimit: 64 * 1024,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: answerBadUrl as never,
    clientErrorHandler: answerBadHttp,
    // Order numbers have up to 54 characters; longer values get 404.
    routerOptions: { maxParamLength: 200 },
  });
  const isAllowedHost = allowHosts(config.ALLOWED_HOSTS);
  const commonHeaders = { ...SECURITY_HEADERS, 'x-served-by': name };
  app.decorate('commonHeaders', commonHeaders);
  app.decorate('handleDirectly', (handler: DirectHandler) => {
    direct = handler;
  });
  // With a callback, as all hooks of the order path: a promise costs one more microtask for each hook and request.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(commonHeaders).header('x-request-id', request.id);
    dropTypeWithoutBody(request);
    // Compressed bodies are not supported, and must not be read as plain ones.
    const coding = request.headers['content-encoding'];
    const isCompressed = coding !== undefined && contentCodings(coding).length > 0;
    if (isCompressed) done(new Problem('unsupported_media_type', 'Send the body without Content-Encoding.'));
    else if (!isAllowedHost(request.headers.host))
      done(new Problem('bad_request', 'The header Host names an unknown host.'));
    else done();
  });
  // After the body, whose end has another scope.
  app.addHook('preHandler', ({ id, headers }, _reply, done) => {
    const traceparent = parseTraceparent(headers.traceparent) ? String(headers.traceparent) : undefined;
    runForRequest({ requestId: id, traceparent }, done);
  });
  takeJsonBody(app);
  app.decorateRequest('identity');
  app.decorateRequest('orderNo');
  app.decorateRequest('trace');
  answerProblems(app);
  validateStrictly(app);
  serializePlainly(app);
  return app;
}

/** Unknown fields are refused. Values of path, query and headers are converted to the type of the schema, those of bodies are not. */
function validateStrictly(app: FastifyInstance): void {
  const common = { removeAdditional: false, useDefaults: true, allErrors: false } as const;
  const bodies = new Ajv({ ...common, coerceTypes: false });
  const texts = new Ajv({ ...common, coerceTypes: true });
  for (const ajv of [bodies, texts]) {
    // The format of ajv-formats also accepts +02 and leap seconds, which readTime cannot read.
    ajv.addFormat('date-time', { type: 'string', validate: (text: string) => readTime(text) !== null });
    ajv.addFormat('iso-4217', { type: 'string', validate: isCurrency });
  }
  app.setValidatorCompiler(({ schema, httpPart }) =>
    httpPart === 'body' ? bodies.compile(schema as object) : compileForTexts(texts, schema as TextSchema),
  );
}

/**
 * Schemas of responses describe them only. A compiled serializer for each status of each route took most of the CPU time of a start, and clients
 * must ignore unknown fields anyway.
 */
function serializePlainly(app: FastifyInstance): void {
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
}
