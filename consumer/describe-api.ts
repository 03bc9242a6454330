import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { adminOrderSchema } from './admin/admin-orders.ts';
import { adminStockSchema } from './admin/admin-schemas.ts';
import { experimentSchema } from './admin/experiments/experiment-schemas.ts';
import { liveSchema } from './admin/live/live-routes.ts';
import { problemResponses, problemSchema } from './api/api-schemas.ts';
import { orderSchema, pendingSchema } from './orders/order-schemas.ts';
import { stockSchema } from './stocks/stock-view.ts';

const tags = [
  { name: 'stocks', description: 'What is for sale, for everybody' },
  { name: 'orders', description: 'Buying and what becomes of it, for the buyer whom the token names' },
  { name: 'payments', description: 'Paying, and what the payment gateway says' },
  {
    name: 'admin',
    description: 'For tokens with the role `admin`; some calls for `operator`, `finance` and `viewer` too',
  },
  { name: 'demo', description: 'To try it out; never in production' },
];

const description = `Sells every unit exactly once, and answers truthfully.

**Buying**: send \`POST /api/v1/stocks/{sid}/orders\` with an \`Idempotency-Key\` of your own making and \`Idempotency-Attempt: 1\`.
When no answer comes, or a 503 \`unavailable\`, send it again with the same key and the next attempt: however often it arrives, it is
one order. A 503 \`busy\` wrote nothing: send the same request again. 202 means "not decided yet": ask at \`Location\`. A refusal with an
\`orderNo\` is final: a new try takes a new key.

**Errors** are \`application/problem+json\`; \`code\` is stable. Every answer has an \`X-Request-Id\`.`;

const schemas = [
  ...[problemSchema, orderSchema, pendingSchema, stockSchema],
  ...[adminStockSchema, adminOrderSchema, experimentSchema, liveSchema],
];

/** Calls that take a body and need none. */
const BODY_MAY_BE_MISSING = new Set(['createOrder', 'startPayment', 'createDemoToken']);

/** Describes all routes with tags that are registered after it: /api/v1/openapi.json, and a page at /docs to read and try. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  for (const schema of schemas) app.addSchema(schema);
  await app.register(swagger, {
    hideUntagged: true,
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Flash sale', version: '1.0.0', description, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/' }],
      tags,
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The buyer is its `sub`' },
        },
      },
    },
    transformObject: (document) =>
      'openapiObject' in document ? sayWhatIsOptional(document.openapiObject) : document.swaggerObject,
    refResolver: { buildLocalReference: (json, _baseUri, _fragment, i) => String(json.$id ?? `def-${i}`) },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { deepLinking: true, tryItOutEnabled: true, persistAuthorization: true, url: '/api/v1/openapi.json' },
    staticCSP: true,
    // Everything comes from here, and over whatever the page came over.
    transformStaticCSP: (csp) =>
      csp.replaceAll(/ https:|upgrade-insecure-requests;| validator\.swagger\.io/g, '').trim(),
  });
  app.get('/api/v1/openapi.json', { schema: { hide: true } as object }, async (_request, reply) => {
    reply.headers({ 'cache-control': 'public, max-age=60' });
    return app.swagger();
  });
}

/** onRoute hook of the API: the problems that every call may answer with. What a route says itself stands. */
export function addCommonProblems(route: RouteOptions): void {
  const schema = route.schema as { tags?: string[]; security?: object[]; body?: object; response?: object } | undefined;
  if (!schema?.tags) return;
  const common = {
    ...problemResponses('bad_request', 'invalid_request', 'internal'),
    ...problemResponses('busy', 'unavailable'),
    ...(schema.security ? problemResponses('unauthorized') : {}),
    ...(schema.tags.includes('admin') ? problemResponses('forbidden') : {}),
    ...(schema.body ? problemResponses('body_too_large', 'unsupported_media_type') : {}),
  };
  schema.response = { ...common, ...schema.response };
}

type Operation = {
  operationId?: string;
  requestBody?: { required?: boolean };
  parameters?: { required?: boolean; schema?: { default?: unknown } }[];
};

/** The plugin says of every body that it is required, and of parameters that have a default. */
function sayWhatIsOptional<T extends { paths?: object }>(document: T): T {
  for (const path of Object.values(document.paths ?? {})) {
    for (const { operationId = '', requestBody, parameters = [] } of Object.values(path as Record<string, Operation>)) {
      if (requestBody && BODY_MAY_BE_MISSING.has(operationId)) requestBody.required = false;
      for (const one of parameters) if (one.schema?.default !== undefined) one.required = false;
    }
  }
  return document;
}
