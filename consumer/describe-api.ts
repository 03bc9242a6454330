import swagger from '@fastify/swagger';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { adminOrderSchema } from './admin/admin-orders.ts';
import { adminStockSchema } from './admin/admin-schemas.ts';
import { experimentSchema } from './admin/experiments/experiment-schemas.ts';
import { liveSchema } from './admin/live/live-routes.ts';
import { problemResponses, problemSchema } from './api/api-schemas.ts';
import { finishOpenApi } from './api/finish-openapi.ts';
import { drawSchema } from './draws/draw-view.ts';
import { entrySchema } from './draws/entry-view.ts';
import { orderSchema } from './orders/order-schemas.ts';
import type { OpenApi } from './reference/openapi-types.ts';
import { referenceRoutes } from './reference/reference-routes.ts';
import { stockSchema } from './stocks/stock-view.ts';

const tags = [
  { name: 'stocks', description: 'Stocks for sale; public' },
  { name: 'orders', description: 'Orders of the buyer, who is the subject of the token' },
  {
    name: 'draws',
    description: 'Draws that anyone can check, and lines; entries of the buyer, who is the subject of the token',
  },
  { name: 'payments', description: 'Payments, and webhooks of the payment gateway' },
  {
    name: 'admin',
    description: 'Needs the role `admin`; some calls also allow `operator`, `finance` or `viewer`',
  },
  { name: 'demo', description: 'Demo tokens; never in production' },
];

const description = `Sells every unit exactly once.

**Buying**: send \`POST /api/v1/stocks/{sid}/orders\` with a new \`Idempotency-Key\` and \`Idempotency-Attempt: 1\`. If no response
arrives, or a 503 \`unavailable\`, send the request again with the same key and the next attempt number: all requests with one key are one
order. After a 503 \`busy\` nothing was written: send the same request again. After 202 the order is not decided yet: poll \`Location\`. A
refusal with an \`orderNo\` is final: a new attempt needs a new key.

**Errors** are \`application/problem+json\` with a stable \`code\`. Every response has an \`X-Request-Id\`.`;

const schemas = [
  ...[problemSchema, orderSchema, stockSchema, entrySchema, drawSchema],
  ...[adminStockSchema, adminOrderSchema, experimentSchema, liveSchema],
];

/** Adds the schemas that routes refer to. */
export function addSchemas(app: FastifyInstance): void {
  for (const schema of schemas) app.addSchema(schema);
}

/** Describes all tagged routes that are registered after it: /api/v1/openapi.json, and the page /docs. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  addSchemas(app);
  await app.register(swagger, {
    hideUntagged: true,
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Flash sale', version: '1.0.0', description, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/' }],
      tags,
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The buyer is `sub`' },
        },
      },
    },
    transformObject: (document) =>
      'openapiObject' in document ? finishOpenApi(document.openapiObject) : document.swaggerObject,
    refResolver: { buildLocalReference: (json, _baseUri, _fragment, i) => String(json.$id ?? `def-${i}`) },
  });
  app.get('/api/v1/openapi.json', { schema: { hide: true } as object }, async (_request, reply) => {
    reply.headers({ 'cache-control': 'public, max-age=60' });
    return app.swagger();
  });
  await referenceRoutes(app, () => app.swagger() as unknown as OpenApi);
}

/** onRoute hook: adds the problems that every call can answer with. The route's own entries take precedence. */
export function addCommonProblems(route: RouteOptions): void {
  const schema = route.schema as { tags?: string[]; security?: object[]; body?: object; response?: object } | undefined;
  if (!schema?.tags) return;
  const common = {
    ...problemResponses('bad_request', 'invalid_request', 'internal'),
    // nginx limits every address, and the consumers limit buyers.
    ...problemResponses('too_many_requests', 'busy', 'unavailable'),
    ...(schema.security ? problemResponses('unauthorized') : {}),
    ...(schema.tags.includes('admin') ? problemResponses('forbidden') : {}),
    ...(schema.body ? problemResponses('body_too_large', 'unsupported_media_type') : {}),
  };
  schema.response = { ...common, ...schema.response };
}
