import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { bearer } from '../../ci/testing/clients/create-token.ts';
import { startTestConsumer } from '../../ci/testing/servers/start-test-system.ts';
import { createTestRedis } from '../../ci/testing/servers/test-redis.ts';
import { roles } from '../settings/parse-role-names.ts';
import { rolesOf, routeRoles } from './route-roles.ts';

// Without a provider: an allowed call fails with another status than 403.
const url = await startTestConsumer(t, { redisUrl: await createTestRedis(t) }, [9], { CALL_DEADLINE_MS: '500' });

t.test('the table lists all admin routes and no others', async (t) => {
  const { body } = await callApi(url, '/api/v1/openapi.json');
  const described = Object.entries(body.paths as Record<string, Record<string, { tags?: string[] }>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods)
        .filter(([, { tags }]) => tags?.includes('admin'))
        .map(([method]) => `${method.toUpperCase()} ${path.replace('/api/v1', '').replace(/\{(\w+)\}/g, ':$1')}`),
  );
  t.same(Object.keys(routeRoles).sort(), described.sort());
});

t.test('a route that is not listed needs the role admin', async (t) => {
  t.same(rolesOf('PUT', '/api/v1/admin/stocks/:sid'), ['admin']);
  t.same(rolesOf('HEAD', '/api/v1/admin/live'), ['admin', ...roles]);
});

for (const [route, allowed] of Object.entries(routeRoles)) {
  t.test(`${route} allows admin, ${allowed.join(', ')}`, async (t) => {
    const [method = '', path = ''] = route.replace(/:\w+/, '1').split(' ');
    // Roles are checked first: an allowed call with a malformed body gets 400.
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{' };
    for (const role of ['admin', ...roles, 'buyer'] as const) {
      const leaving = new AbortController();
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { ...bearer('ann', { roles: [role] }), ...('body' in body && { 'content-type': 'application/json' }) },
        ...body,
        signal: leaving.signal,
      });
      const isAllowed = role === 'admin' || (allowed as readonly string[]).includes(role);
      t.equal(response.status !== 403, isAllowed, `${role}: ${response.status}`);
      leaving.abort();
    }
  });
}
