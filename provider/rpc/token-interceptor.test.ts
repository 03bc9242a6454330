import { type ClientUnaryCall, credentials, Metadata, makeGenericClientConstructor, status } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { pino } from 'pino';
import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { testEnvironment } from '../../ci/testing/clients/create-token.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { StockService } from '../../proto/messages/load-protos.ts';
import { readConfig } from '../config.ts';
import { startServer } from '../server.ts';

const PROVIDER_TOKEN = 'w8Jk2PqLz7RmXv4NbTy9GcFh3DsEa6Ui';
const servers = await createTestServers(t);
const PREVIOUS = 'Qm5Yb9Zr1Tc2Pw6n4Vx8K7Lh0Gs4d3Jf';
const port = await startTestProvider(t, servers, { PROVIDER_TOKEN: `${PROVIDER_TOKEN},${PREVIOUS}` });
const sid = await createTestStock(servers.mysql);

async function codeFor(authorization?: string): Promise<number> {
  const client = new StockService(`127.0.0.1:${port}`, credentials.createInsecure());
  const metadata = new Metadata();
  if (authorization !== undefined) metadata.set('authorization', authorization);
  const code = await new Promise<number>((resolve) => {
    client.getStock({ sid }, metadata, { deadline: Date.now() + 5000 }, (error) => resolve(error?.code ?? status.OK));
  });
  client.close();
  return code;
}

t.test('only calls with the shared token are accepted', async (t) => {
  t.equal(await codeFor(`Bearer ${PROVIDER_TOKEN}`), status.OK);
  t.equal(await codeFor(`Bearer ${PREVIOUS}`), status.OK, 'a previous token, during a rotation');
  for (const wrong of [
    undefined,
    '',
    PROVIDER_TOKEN,
    `Bearer ${PROVIDER_TOKEN}x`,
    `Bearer ${PROVIDER_TOKEN},${PREVIOUS}`,
    'Bearer ',
    `Basic ${PROVIDER_TOKEN}`,
  ]) {
    t.equal(await codeFor(wrong), status.UNAUTHENTICATED, wrong ?? 'none');
  }
});

t.test('health checks need no token', async (t) => {
  const Health = makeGenericClientConstructor(healthService as never, 'Health');
  const client = new Health(`127.0.0.1:${port}`, credentials.createInsecure());
  const reply = await new Promise((resolve, reject) => {
    const check = client.check as (
      request: object,
      done: (error: Error | null, reply: object) => void,
    ) => ClientUnaryCall;
    check.call(client, { service: '' }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
  client.close();
  t.match(reply, { status: 'SERVING' });
});

t.test('a consumer without the token responds with an internal error that does not mention it', async (t) => {
  const authenticated = await startTestConsumer(t, servers, [port], {
    PROVIDER_TOKEN: `${PREVIOUS},${PROVIDER_TOKEN}`,
  });
  t.equal((await callApi(authenticated, `/api/v1/stocks/${sid}`)).status, 200);
  const unauthenticated = await startTestConsumer(t, servers, [port]);
  const { body, text } = await callApi(unauthenticated, `/api/v1/stocks/${sid}`);
  t.match(body, { status: 500, code: 'internal' });
  t.notMatch(text, /token/);
});

t.test('a provider that listens on a public address without a token warns', async (t) => {
  for (const [PROVIDER_HOST, token, warns] of [
    ['0.0.0.0', '', true],
    ['0.0.0.0', PROVIDER_TOKEN, false],
    ['127.0.0.1', '', false],
  ] as const) {
    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
    const { mysqlUrl: MYSQL_URL, redisUrl: REDIS_URL, topics } = servers;
    const common = {
      ...testEnvironment,
      MYSQL_URL,
      REDIS_URL,
      KAFKA_BROKERS: topics.brokers,
      TOPIC_PREFIX: topics.prefix,
    };
    const config = readConfig({ ...common, PROVIDER_PORT: '0', PROVIDER_HOST, PROVIDER_TOKEN: token });
    const provider = await startServer(config, 'provider-w', logger);
    await provider.close();
    t.equal(/PROVIDER_TOKEN is not set/.test(lines.join('')), warns, PROVIDER_HOST);
  }
});
