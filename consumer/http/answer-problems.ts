import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createRequestId } from './create-request-id.ts';
import { type AskedRequest, asReply, type Reply } from './direct-reply.ts';
import { Problem, type ProblemCode, problemBody, problems, retryAfter } from './problem.ts';
import { toProblem } from './to-problem.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Answers unknown paths with 404, unknown methods with 405. */
    answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply;
  }
}

/** Answers every error of every route, unknown paths and unknown methods with application/problem+json. */
export function answerProblems(app: FastifyInstance): void {
  const routes = collectRoutes(app);
  const problem = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    answerProblem(error, request, asReply(reply));
    return reply;
  };
  const answerUnknown = (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const known = routes.filter(({ pattern }) => pattern.test(path));
    // `/payments/webhook` is not one of `/payments/{paymentId}`.
    const own = known.filter(({ url }) => url === path);
    const methods = (own.length > 0 ? own : known).map(({ method }) => method);
    if (methods.length === 0) return problem(new Problem('not_found'), request, reply);
    const allow = [...new Set([...methods, 'OPTIONS'])].sort().join(', ');
    // Load balancers use it as a health check.
    if (request.method === 'OPTIONS') return reply.code(204).headers({ allow, 'cache-control': 'no-store' }).send();
    return problem(new Problem('method_not_allowed', `${path} supports ${allow}.`, {}, { allow }), request, reply);
  };
  app.decorate('answerUnknown', answerUnknown);
  app.setNotFoundHandler(answerUnknown);
  app.setErrorHandler((error: Error & { code?: string }, request, reply) =>
    // The method QUERY: no route has it, and Fastify refuses it before it looks for a route.
    error.code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE'
      ? answerUnknown(request, reply)
      : problem(error, request, reply),
  );
}

/** Sends a problem, as a string that bypasses the serializers of the route. */
export function answerProblem(error: unknown, request: AskedRequest, reply: Reply): Reply {
  const problem = toProblem(error);
  const { status } = problems[problem.code];
  // Without the query, which may hold a token.
  const instance = request.url.split('?', 1)[0] ?? '';
  const about = { err: error, url: instance, orderNo: request.orderNo };
  if (problem.code === 'internal') request.log.error(about, 'unhandled error');
  // An overload refuses thousands a second. They are counted, not logged.
  else if (status >= 500 && problem.code !== 'busy') request.log.warn(about, 'request failed');
  const body = problemBody(problem, { instance, requestId: request.id });
  if (body.requestId === undefined) reply.removeHeader('x-request-id');
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  return reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .headers({ ...standardHeaders(problem.code), ...problem.headers })
    .send(JSON.stringify(body));
}

function standardHeaders(code: ProblemCode): Record<string, string> {
  const { status } = problems[code];
  if (status === 429 || status === 503 || code === 'idempotency_key_in_use') return retryAfter();
  return status === 401 ? { 'www-authenticate': 'Bearer realm="flash-sale"' } : {};
}

/** Answers a request whose URL cannot be decoded. Such a request reaches no route and no hook. */
export function answerBadUrl(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  answerProblem(error, request, asReply(reply));
}

/** Answers bytes that are not HTTP, on the bare socket. */
export function answerBadHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const code: ProblemCode = error.code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : 'bad_request';
  const requestId = createRequestId({ headers: {} });
  const body = JSON.stringify(problemBody(new Problem(code), { requestId }));
  const headers = [
    `HTTP/1.1 ${problems[code].status} ${code === 'bad_request' ? 'Bad Request' : 'Request Header Fields Too Large'}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}

type KnownRoute = { method: string; url: string; pattern: RegExp };

/** The routes that are registered after this call. */
function collectRoutes(app: FastifyInstance): KnownRoute[] {
  const routes: KnownRoute[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    if (url.includes('*')) return;
    const segments = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[^\w-]/g, '\\$&')));
    const pattern = new RegExp(`^${segments.join('/')}$`);
    for (const name of [method].flat()) routes.push({ method: name, url, pattern });
  });
  return routes;
}
