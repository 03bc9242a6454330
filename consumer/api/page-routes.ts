import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';

/** Where ci/ops/build-pages.ts puts what it makes of consumer/pages/. */
export const builtPages = fileURLToPath(new URL('../pages/dist/', import.meta.url));

/** Everything from here, no script and no style in the page itself. Pages talk to this API alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** GET / for buyers, GET /console for administrators. Without built pages there are none, and the API is as it is. */
export function pageRoutes(logger: Logger, dir = builtPages) {
  return async (app: FastifyInstance): Promise<void> => {
    if (!existsSync(dir)) {
      logger.warn('no pages: they are not built (node ci/ops/build-pages.ts)');
      return;
    }
    // Their names change with their content. Each is a route of its own, so that all other addresses stay a problem in JSON.
    await app.register(fastifyStatic, {
      root: path.join(dir, 'assets'),
      prefix: '/pages/assets/',
      index: false,
      wildcard: false,
      maxAge: '365d',
      immutable: true,
    });
    const page = (reply: FastifyReply, name: string) =>
      reply
        .headers({ 'content-security-policy': POLICY, 'cache-control': 'no-cache' })
        .sendFile(`${name}/index.html`, dir, { cacheControl: false });
    app.get('/', hidden, async (_request, reply) => page(reply, 'storefront'));
    app.get('/console', hidden, async (_request, reply) => page(reply, 'console'));
  };
}

/** Not part of the API. */
const hidden = { schema: { hide: true } };
