import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import type { OpenApi } from './openapi-types.ts';
import { renderReference } from './render-reference.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** Nothing but this origin's style and icon. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Accept-Encoding that does not exclude gzip by q=0. */
const GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i;
const MAX_AGE = { 'cache-control': 'public, max-age=60' };
const hidden = { schema: { hide: true } as object };

/** GET /docs: the page of the API. `describe` is called once, with the first request. */
export async function referenceRoutes(app: FastifyInstance, describe: () => OpenApi): Promise<void> {
  const style = read('../pages/design.css') + read('reference.css');
  const icon = read('../pages/icon.svg');
  let page: { plain: string; packed: Buffer } | undefined;
  for (const path of ['/docs', '/docs/']) {
    app.get(path, hidden, async (request, reply) => {
      page ??= pack(renderReference(describe()));
      reply.headers(MAX_AGE).headers({ 'content-security-policy': POLICY, vary: 'accept-encoding' });
      reply.type('text/html; charset=utf-8');
      if (!GZIP.test(request.headers['accept-encoding'] ?? '')) return page.plain;
      return reply.header('content-encoding', 'gzip').send(page.packed);
    });
  }
  app.get('/docs/reference.css', hidden, async (_request, reply) =>
    reply.headers(MAX_AGE).type('text/css; charset=utf-8').send(style),
  );
  app.get('/docs/icon.svg', hidden, async (_request, reply) => reply.headers(MAX_AGE).type('image/svg+xml').send(icon));
}

function pack(plain: string): { plain: string; packed: Buffer } {
  return { plain, packed: gzipSync(plain) };
}
