import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { createMetrics } from '../../proto/metrics/metrics.ts';
import { measureRequests } from './measure-requests.ts';

const countOf = (method: string, route: string, status: number, count: number) =>
  `http_server_request_duration_seconds_count{http_request_method="${method}",http_route="${route}",http_response_status_code="${status}"} ${count}`;

t.test('each response is counted once, by the pattern of its route', async (t) => {
  const metrics = createMetrics('consumer');
  const app = Fastify();
  let streams = 0;
  measureRequests(app, metrics);
  await app.register(
    async (api) => {
      api.get('/things/:id', async (request, reply) => {
        if ((request.params as { id: string }).id === '410') reply.code(410);
        return 'ok';
      });
      api.get('/stream', { config: { isStream: true } }, async (_request, reply) => {
        streams += 1;
        if (streams > 1) reply.code(503);
        return 'events';
      });
      api.get('/slow', () => new Promise((resolve) => setTimeout(resolve, 300, 'late')));
      api.post('/broken', async () => {
        throw new Error('broken');
      });
    },
    { prefix: '/api' },
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.teardown(() => app.close());
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const shown = async (text: string) => {
    await waitUntil(
      text,
      async () => {
        if (!(await metrics.text()).includes(text)) throw new Error(await metrics.text());
      },
      { limitMs: 2000 },
    );
    t.pass(text);
  };

  for (const path of [
    '/api/things/1',
    '/api/things/2',
    '/api/things/410',
    '/nothing/1',
    '/nothing/2',
    '/api/stream',
    '/api/stream',
  ])
    await fetch(url + path);
  await fetch(`${url}/api/broken`, { method: 'POST' });
  await shown(countOf('GET', '/api/things/:id', 200, 2));
  await shown(countOf('GET', '/api/things/:id', 410, 1));
  await shown(countOf('(any)', '(none)', 404, 2));
  await shown(countOf('POST', '/api/broken', 500, 1));
  await shown(countOf('GET', '/api/stream', 503, 1));

  const request = http.get(`${url}/api/slow`).on('error', () => undefined);
  setTimeout(() => request.destroy(), 100);
  await shown('flashsale_http_abandoned_total{http_request_method="GET",http_route="/api/slow"} 1');
  await new Promise((resolve) => setTimeout(resolve, 400));
  t.notMatch(await metrics.text(), 'http_route="/api/stream",http_response_status_code="200"', 'an open stream');
  t.notMatch(
    await metrics.text(),
    'http_route="/api/slow",http_response_status_code',
    'and not once more when its answer is there',
  );
});
