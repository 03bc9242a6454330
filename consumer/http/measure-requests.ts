import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Metrics } from '../../proto/metrics/metrics.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The response lasts as long as the client stays, so its duration is not measured. */
    isStream?: boolean;
  }
}

// One label for all unknown paths: clients must not be able to create labels.
const NO_ROUTE = '(none)';

/** Counts every response by the pattern of its route. Call it before the routes are registered. */
export function measureRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onRoute', (route) => {
    const isStream = route.config?.isStream === true;
    const methods = [route.method].flat();
    const counts = new Map(methods.map((method) => [method, metrics.requestsOf(method, route.url)]));
    const abandons = new Map(methods.map((method) => [method, metrics.abandonedOf(method, route.url)]));

    const onResponse = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
      // The duration of an open stream says nothing; that of a refused one does.
      const wasOpen = isStream && reply.statusCode === 200;
      if (!wasOpen) counts.get(request.method)?.(reply.statusCode, reply.elapsedTime / 1000);
      done();
    };
    const onAbort = async (request: FastifyRequest): Promise<void> => {
      // A stream normally ends when its client disconnects.
      if (!isStream) abandons.get(request.method)?.();
    };
    route.onResponse = [...[route.onResponse ?? []].flat(), onResponse];
    route.onRequestAbort = [...[route.onRequestAbort ?? []].flat(), onAbort];
  });

  const unknown = metrics.requestsOf('(any)', NO_ROUTE);
  app.addHook('onResponse', (request, reply, done) => {
    if (request.is404) unknown(reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
}
