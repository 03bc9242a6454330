import { Validator } from '@seriousme/openapi-schema-validator';
import t from 'tap';
import { callApi } from '../ci/testing/clients/call-api.ts';
import { startTestConsumer } from '../ci/testing/servers/start-test-system.ts';
import { createTestRedis } from '../ci/testing/servers/test-redis.ts';
import { problems } from './http/problem.ts';

type Operation = {
  operationId: string;
  summary: string;
  tags: string[];
  security: object[];
  parameters?: { name: string; in: string; schema: { type?: string; pattern?: string; maxLength?: number } }[];
  responses: Record<string, { $ref?: string }>;
};
type Description = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, { properties: Record<string, { enum?: string[] }> }>;
    responses: Record<string, { content: Record<string, { schema: unknown }> }>;
  };
  tags: { name: string }[];
};

// The description needs no provider.
const url = await startTestConsumer(t, { redisUrl: await createTestRedis(t) }, [9], {
  DEMO: 'on',
  CALL_DEADLINE_MS: '500',
});
const answer = await callApi(url, '/api/v1/openapi.json');
const description = answer.body as unknown as Description;
const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, ...operation })),
);

t.test('the description is valid OpenAPI 3.1', async (t) => {
  const result = await new Validator().validate(JSON.parse(answer.text));
  t.same(result, { valid: true });
  t.match(description.openapi, /^3\.1/);
});

t.test('it has all routes of the API, and none of the ladder', async (t) => {
  const names = operations.map(({ name }) => name);
  for (const wanted of [
    'GET /api/v1/stocks',
    'GET /api/v1/stocks/{sid}',
    'POST /api/v1/stocks/{sid}/orders',
    'GET /api/v1/orders',
    'GET /api/v1/orders/{orderNo}',
    'POST /api/v1/orders/{orderNo}/cancel',
    'POST /api/v1/orders/{orderNo}/payments',
    'POST /api/v1/payments/webhook',
    'POST /api/v1/admin/orders/{orderNo}/refunds',
    'GET /api/v1/stocks/{sid}/entry/events',
    'GET /api/v1/stocks/{sid}/events',
    'GET /api/v1/orders/{orderNo}/events',
    'GET /api/v1/admin/orders',
    'GET /api/v1/admin/stocks/{sid}/history',
    'GET /api/v1/admin/stocks/{sid}/summary',
    'POST /api/v1/admin/orders/{orderNo}/cancel',
    'GET /api/v1/admin/payments',
    'POST /api/v1/admin/stocks',
    'GET /api/v1/admin/stocks/{sid}',
    'PATCH /api/v1/admin/stocks/{sid}',
    'POST /api/v1/admin/stocks/{sid}/audit',
    'GET /api/v1/admin/stocks/{sid}/audit',
    'DELETE /api/v1/admin/stocks/{sid}/audit',
    'GET /api/v1/admin/stocks/{sid}/orders',
    'POST /api/v1/admin/experiments',
    'GET /api/v1/admin/experiments',
    'GET /api/v1/admin/experiments/{experimentId}',
    'GET /api/v1/admin/live',
    'GET /api/v1/admin/orders/{orderNo}/trace',
    'POST /api/v1/demo/tokens',
  ]) {
    t.ok(names.includes(wanted), wanted);
  }
  t.notMatch(names.join(), /create|getStockNum|health/);
});

t.test('each operation has a unique id, a summary, a success response and problems', async (t) => {
  t.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
  const known = description.tags.map(({ name }) => name);
  for (const { name, operationId, summary, tags, responses } of operations) {
    t.match(operationId, /^[a-z][A-Za-z]+$/, name);
    t.match(summary, /\w/, name);
    t.ok(known.includes(tags[0] ?? ''), `${name}: tag ${tags}`);
    t.ok(
      Object.keys(responses).some((status) => status.startsWith('2')),
      `${name}: says what a good answer is`,
    );
    t.ok(responses['429'], `${name}: it can be limited`);
    t.match(responses['500'], { $ref: '#/components/responses/internal' }, name);
  }
});

t.test('operations that need a token have `security` and the 401 response', async (t) => {
  for (const { name, security, responses } of operations) {
    const isOpen =
      /^GET \/api\/v1\/(stocks|time)|demo|payments\/.*webhook/.test(name) &&
      !/\/(entry(\/events)?|admission)$/.test(name);
    t.equal(security.length === 0, isOpen, name);
    t.equal('401' in responses, !isOpen || /payments\/.*webhook/.test(name), name);
    // Roles of administrators, and claims that an order or an entry needs.
    const isRestricted = /admin/.test(name) || /\/admission$|^POST .*\{sid\}\/(orders|entry)$/.test(name);
    t.equal('403' in responses, isRestricted, name);
  }
});

// The router refuses longer values.
t.test('each string in a path has a bounded length', async (t) => {
  const inPaths = operations.flatMap(({ name, parameters = [] }) =>
    parameters.filter((parameter) => parameter.in === 'path').map((parameter) => ({ name, ...parameter.schema })),
  );
  t.ok(inPaths.length > 8);
  t.same(
    inPaths.filter(({ type, pattern, maxLength }) => type === 'string' && !pattern && !maxLength),
    [],
  );
});

t.test('each problem is described once, as a Problem', async (t) => {
  for (const [name, { content }] of Object.entries(description.components.responses)) {
    t.match(content, { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }, name);
  }
});

t.test('the enum of problem codes is complete', async (t) => {
  t.same(description.components.schemas.Problem?.properties.code?.enum, Object.keys(problems));
});

t.test('without DEMO the route of demo tokens does not exist', async (t) => {
  const plain = await startTestConsumer(t, { redisUrl: await createTestRedis(t) }, [9], { CALL_DEADLINE_MS: '500' });
  t.notMatch((await callApi(plain, '/api/v1/openapi.json')).text, /demo\/tokens/);
});
