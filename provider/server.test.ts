import { once } from 'node:events';
import http2 from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials, loadPackageDefinition, type makeGenericClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath as healthProto } from 'grpc-health-check';
import t from 'tap';
import { connectTestClient } from '../ci/testing/clients/connect-test-client.ts';
import { testEnvironment } from '../ci/testing/clients/create-token.ts';
import { auditStock } from '../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../ci/testing/servers/start-test-system.ts';
import { silentLogger } from '../ci/testing/silent-logger.ts';
import { waitForStatements } from '../ci/testing/wait-for-statements.ts';
import { OrderService } from '../proto/messages/load-protos.ts';
import { readConfig } from './config.ts';
import { startServer } from './server.ts';

const servers = await createTestServers(t);
const port = await startTestProvider(t, servers);

t.test('health is SERVING for the server and each service', async (t) => {
  const { grpc } = loadPackageDefinition(loadSync(healthProto, { enums: String })) as unknown as {
    grpc: { health: { v1: { Health: ReturnType<typeof makeGenericClientConstructor> } } };
  };
  const client = new grpc.health.v1.Health(`127.0.0.1:${port}`, credentials.createInsecure());
  t.teardown(() => client.close());
  const check = (service: string) =>
    new Promise((resolve, reject) => {
      client.check?.({ service }, (error: Error | null, reply: { status: string }) =>
        error ? reject(error) : resolve(reply.status),
      );
    });
  for (const service of ['', 'flashsale.v1.StockService', 'flashsale.v1.OrderService'])
    t.equal(await check(service), 'SERVING', service);
  await t.rejects(check('flashsale.v1.NoSuchService'));
});

t.test('a call whose deadline has passed is rejected before any work', async (t) => {
  const sid = await createTestStock(servers.mysql, { kind: 'ladder' });
  const { path, requestSerialize } = OrderService.service.CreatePessimisticOrder;
  const message = requestSerialize({ sid });
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  message.copy(frame, 5);
  // Over plain HTTP/2, because a client of grpc-js would not send it.
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
  const request = session.request({ ...headers, 'grpc-timeout': '1m' });
  let grpcStatus: unknown;
  for (const event of ['response', 'trailers'])
    request.on(event, (answer: http2.IncomingHttpHeaders) => {
      grpcStatus ??= answer['grpc-status'];
    });
  const ended = once(request, 'close');
  // The deadline must pass before the message arrives.
  await sleep(20);
  if (!request.destroyed) request.end(frame);
  request.resume();
  await ended;
  session.close();
  t.equal(String(grpcStatus), '4', 'DEADLINE_EXCEEDED');
  t.match(await auditStock(servers.mysql, sid), { sale: 0, live: 0 });
});

t.test('a provider that closes waits for a call in flight', async (t) => {
  const config = readConfig({
    ...testEnvironment,
    PROVIDER_PORT: '0',
    MYSQL_URL: servers.mysqlUrl,
    REDIS_URL: servers.redisUrl,
    KAFKA_BROKERS: servers.topics.brokers,
    MYSQL_STATEMENT_MS: '5000',
  });
  const provider = await startServer(config, 'closing', silentLogger);
  const client = connectTestClient(t, provider.port);
  const sid = await createTestStock(servers.mysql, { kind: 'ladder' });
  const holder = await servers.mysql.transaction();
  await holder.raw('SELECT id FROM stock WHERE id = ? FOR UPDATE', [sid]);
  const order = client.createPessimisticOrder({ sid });
  await waitForStatements(servers.mysql, '%FOR UPDATE', 1);
  const closed = provider.close();
  await holder.commit();
  t.match(await order, { outcome: 'CREATED' });
  await closed;
  await t.rejects(client.getStock({ sid }), { code: 14 });
});
