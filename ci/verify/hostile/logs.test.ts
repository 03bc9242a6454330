import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import path from 'node:path';
import t from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { callApi } from '../../testing/clients/call-api.ts';
import { createToken, testEnvironment } from '../../testing/clients/create-token.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { startTarget, targetSecrets } from '../../testing/servers/target.ts';
import { httpBytes, sendRawHttp } from './send-raw-http.ts';

// With LOG_LEVEL=trace and good and bad requests, no log contains a secret.

const target = await startTarget(t, { SANDBOX_WEBHOOK_DELAY_MS: '10' });
const { mysql, mysqlUrl, redisUrl, topics } = target.servers;
const passwordOf = (url: string) => decodeURIComponent(new URL(url).password);
const tokens = {
  "a buyer's token": createToken('ann'),
  "an administrator's token": createToken('boss', { roles: ['admin'] }),
  'an expired token': createToken('bob', { expiresInMs: -60_000 }),
  'a token signed with a wrong secret': createToken('eve', { secret: 'Vb7Nq2Wx9Ke4Rt6Yu1Io3Pa5Sd8Fg0Hj' }),
};
const secrets: Record<string, string> = {
  ...targetSecrets,
  ...tokens,
  "MySQL's password": passwordOf(mysqlUrl),
  "Redis' password": passwordOf(redisUrl),
  'a wrong password': 'Wr0ngPassw0rdThatMustNotBeLogged',
};
/** Logs of the processes that cannot log in. */
let wrongLogs = '';
const as = (token: string) => ({ authorization: `Bearer ${token}` });

t.test('good requests, from an order to its refund', async (t) => {
  const sid = await createTestStock(mysql, { count: 5, priceCents: 100 });
  const ann = { headers: as(tokens["a buyer's token"]) };
  const boss = { headers: as(tokens["an administrator's token"]) };
  const order = await callApi(target.url, `/api/v1/stocks/${sid}/orders`, { method: 'POST', ...ann });
  t.equal(order.status, 201);
  const path = `/api/v1/orders/${order.body.orderNo}`;
  const payment = await callApi(target.url, `${path}/payments`, { method: 'POST', ...ann });
  const page = new URL(String(payment.body.redirectUrl));
  const session = page.searchParams.get('session') ?? '';
  secrets['a payment page’s session'] = session;
  t.equal((await callApi(target.url, `${page.pathname}${page.search}`)).status, 200);
  const body = new URLSearchParams({ session, action: 'pay' });
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  await fetch(`${target.url}${page.pathname}`, { method: 'POST', headers: type, body, redirect: 'manual' });
  await waitUntil(
    'the order is paid',
    async () => {
      const { body } = await callApi(target.url, path, ann);
      if (body.state !== 'paid') throw new Error(String(body.state));
    },
    { limitMs: 10_000 },
  );
  const refunds = `/api/v1/admin/orders/${order.body.orderNo}/refunds`;
  const reason = JSON.stringify({ reason: 'broken' });
  const json = { ...boss.headers, 'content-type': 'application/json' };
  t.ok((await callApi(target.url, refunds, { body: reason, headers: json })).status < 300);
  t.equal((await callApi(target.url, '/api/v1/demo/tokens', { body: { buyer: 'demo' } })).status, 200);
});

t.test('bad requests', async (t) => {
  for (const [name, token] of Object.entries(tokens)) {
    const inQuery = await callApi(target.url, `/api/v1/orders?access_token=${token}`, { headers: as(token) });
    t.ok([400, 401].includes(inQuery.status), name);
    await callApi(target.url, `/api/v1/orders/${token}`, { headers: as(token) });
    await callApi(target.url, `/api/v1/stocks/${token}`, { headers: { ...as(token), 'x-request-id': token } });
    await callApi(target.url, '/api/v1/admin/stocks', { body: { token }, headers: as(token) });
    await sendRawHttp(target.nginxPort, {
      parts: [httpBytes({ path: '/%zz', headers: [['Authorization', `Bearer ${token}`]] })],
    });
  }
  const mac = createHmac('sha256', 'x').update('x').digest('base64');
  secrets['a webhook’s signature'] = mac;
  const headers = { 'webhook-id': 'e', 'webhook-timestamp': '1', 'webhook-signature': `v1,${mac}` };
  t.equal((await callApi(target.url, '/api/v1/payments/webhook', { body: {}, headers })).status, 401);
});

t.test('processes that cannot log in anywhere', async () => {
  const wrong = (url: string) => url.replace(passwordOf(url), secrets['a wrong password'] ?? '');
  let output = '';
  for (const kind of ['provider', 'order-worker', 'consumer']) {
    const env = {
      PATH: process.env.PATH,
      LOG_LEVEL: 'trace',
      ...testEnvironment,
      ...targetSecrets,
      PROVIDER_TOKEN: 'Another0fWrongTokens7Kd2Vm9Xc4Bn',
      MYSQL_URL: wrong(mysqlUrl),
      REDIS_URL: wrong(redisUrl),
      KAFKA_BROKERS: topics.brokers,
      TOPIC_PREFIX: topics.prefix,
      PROVIDER_PORT: '0',
      CONSUMER_PORT: '0',
      PROVIDERS: `127.0.0.1:${target.providerPort}`,
    };
    const child = spawn(process.execPath, [path.join(root, kind, 'main.ts')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part) => {
        output += part;
      });
    }
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await waitUntil(
      `${kind} logs that it cannot log in`,
      () => {
        if (!new RegExp(`"name":"${kind}[^\\n]*does not answer|WRONGPASS`).test(output))
          throw new Error(output.slice(-300));
      },
      { limitMs: 30_000 },
    );
    child.kill('SIGINT');
    await ended;
  }
  secrets['another token'] = 'Another0fWrongTokens7Kd2Vm9Xc4Bn';
  wrongLogs = output;
});
t.test('no log contains a secret', async (t) => {
  const logs = target.logs() + wrongLogs;
  t.ok(logs.length > 1000, 'there are logs');
  for (const [name, secret] of Object.entries(secrets)) {
    t.ok(secret.length > 10, `${name} is known`);
    t.equal(
      logs.split('\n').find((line) => line.includes(secret)),
      undefined,
      name,
    );
    // The signature alone must not be logged either.
    const signature = secret.split('.')[2];
    if (signature) t.notOk(logs.includes(signature), `${name}, its signature`);
  }
});
