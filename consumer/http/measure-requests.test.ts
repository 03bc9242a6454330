import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { createMetrics } from '../../proto/metrics/metrics.ts';
import { measureRequests } from './measure-requests.ts';

t.test('each response is counted once, by the pattern of its route', async (t) => {
  const metrics = createMetrics('consumer');
  const app = Fastify();
  measureRequests(app, metrics);
  await app.register(
    async (api) => {
      api.get('/things/:id', async (request, reply) => {
        if ((request.params as { id: string }).id === '410') reply.code(410);
        return 'ok';
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

  for (const path of ['/api/things/1', '/api/things/2', '/api/things/410', '/nothing/1', '/nothing/2'])
    await fetch(url + path);
  await fetch(`${url}/api/broken`, { method: 'POST' });
  await shown('flashsale_http_requests_total{method="GET",route="/api/things/:id",status="200",outcome="accepted"} 2');
  await shown('flashsale_http_requests_total{method="GET",route="/api/things/:id",status="410",outcome="refused"} 1');
  await shown('flashsale_http_requests_total{method="(any)",route="(none)",status="404",outcome="refused"} 2');
  await shown('flashsale_http_requests_total{method="POST",route="/api/broken",status="500",outcome="failed"} 1');
  await shown('flashsale_http_request_duration_seconds_count{method="GET",route="/api/things/:id"} 3');

  const request = http.get(`${url}/api/slow`).on('error', () => undefined);
  setTimeout(() => request.destroy(), 100);
  await shown('flashsale_http_requests_total{method="GET",route="/api/slow",status="",outcome="abandoned"} 1');
  await new Promise((resolve) => setTimeout(resolve, 400));
  t.notMatch(await metrics.text(), 'route="/api/slow",status="200"', 'and not once more when its answer is there');
});
