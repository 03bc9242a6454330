import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../ci/testing/servers/start-test-system.ts';

// buf curl knows nothing but reflection and is as strict as grpcurl: both use Go's protobuf.

const servers = await createTestServers(t);
const url = `http://127.0.0.1:${await startTestProvider(t, servers)}`;
const buf = fileURLToPath(new URL('../../node_modules/.bin/buf', import.meta.url));

async function curl(reflection: string, ...args: string[]): Promise<string> {
  const options = ['--protocol', 'grpc', '--http2-prior-knowledge', '--reflect-protocol', reflection];
  return (await promisify(execFile)(buf, ['curl', ...options, ...args])).stdout;
}

for (const reflection of ['grpc-v1', 'grpc-v1alpha']) {
  t.test(`${reflection} lists and describes our services and the health check`, async (t) => {
    const services = (await curl(reflection, '--list-services', url)).trim().split('\n');
    const ours = ['DrawService', 'OrderService', 'StockService', 'WebhookService'].map(
      (name) => `flashsale.v1.${name}`,
    );
    t.same(services, [...ours, 'grpc.health.v1.Health']);
    const methods = await curl(reflection, '--list-methods', url);
    t.match(methods, /flashsale\.v1\.OrderService\/PlaceOrders/);
    t.match(methods, /grpc\.health\.v1\.Health\/Check/);
  });

  t.test(`a client can call what ${reflection} describes`, async (t) => {
    const sid = await createTestStock(servers.mysql, { count: 5 });
    const call = async (path: string, request: object) =>
      JSON.parse(await curl(reflection, '--data', JSON.stringify(request), `${url}/${path}`));
    t.match(await call('flashsale.v1.StockService/GetStock', { sid }), { sid: String(sid), count: '5' });
    t.match(await call('flashsale.v1.OrderService/GetOrders', { order_nos: ['1-x'] }), {});
    t.match(await call('grpc.health.v1.Health/Check', { service: 'flashsale.v1.OrderService' }), { status: 'SERVING' });
  });
}
