import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';

/** Output folder of ci/ops/build-pages.ts. */
export const builtPages = fileURLToPath(new URL('../pages/dist/', import.meta.url));

/** The file of `flash-sale/client` (package.json), beside its types. */
export const builtClient = path.join(builtPages, 'client', 'flash-sale-client.js');

/** Everything from this origin, no inline script or style; pictures also from the origins of stocks' pictures. */
const policyOf = (pictureOrigins: string[]) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["img-src 'self'", ...pictureOrigins].join(' '),
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** GET / for buyers, GET /console for administrators, GET /verify for who checks a draw, GET /client.js for other shops. The API works without built pages too. */
export function pageRoutes(logger: Logger, pictureOrigins: string[], dir = builtPages) {
  const policy = policyOf(pictureOrigins);
  return async (app: FastifyInstance): Promise<void> => {
    if (!existsSync(dir)) {
      logger.warn('pages are not built');
      return;
    }
    // File names contain a hash of the content. Each file is a route of its own, so that unknown paths get a JSON problem.
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
        .headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' })
        .sendFile(`${name}/index.html`, dir, { cacheControl: false });
    app.get('/', hidden, async (_request, reply) => page(reply, 'storefront'));
    // Modules of another origin need the permission to be read.
    const client = { 'access-control-allow-origin': '*', 'cache-control': 'no-cache' };
    app.get('/client.js', hidden, async (_request, reply) => {
      const file = path.relative(builtPages, builtClient);
      return reply.headers(client).sendFile(file, dir, { cacheControl: false });
    });
    app.get('/console', hidden, async (_request, reply) => page(reply, 'console'));
    app.get('/verify', hidden, async (_request, reply) => page(reply, 'verify'));
  };
}

/** Not part of the API. */
const hidden = { schema: { hide: true } };
