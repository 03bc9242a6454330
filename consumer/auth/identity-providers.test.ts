import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSigner } from 'fast-jwt';
import t, { type Test } from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';

// docs/how-to/identity-provider.md: tokens and key sets in the form that identity providers document.

const servers = await createTestServers(t);
await startTestWorker(t, servers);
const provider = await startTestProvider(t, servers);
const sid = await createTestStock(servers.mysql, { count: 100 });

type Pair = { publicKey: KeyObject; privateKey: KeyObject };
const rsaPair = (): Pair => generateKeyPairSync('rsa', { modulusLength: 2048 });
const ecPair = (): Pair => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwkOf = ({ publicKey }: Pair, more: object) => ({ ...publicKey.export({ format: 'jwk' }), ...more });
const seconds = () => Math.floor(Date.now() / 1000);

type Claims = Record<string, unknown>;
type SignOptions = { algorithm?: 'RS256' | 'ES256'; kid: string; typ?: string };

function signToken({ privateKey }: Pair, { algorithm = 'RS256', kid, typ = 'JWT' }: SignOptions, claims: Claims) {
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return createSigner({ algorithm, kid, key, header: { alg: algorithm, typ } })(claims);
}

/** A server with a key set at one path, as an identity provider has; `keys` may change. */
async function serveKeySet(t: Test, path: string, keys: object[]) {
  const state = { keys };
  const server = createServer(({ url }, response) => {
    response.statusCode = url === path ? 200 : 404;
    response.setHeader('content-type', 'application/json');
    response.end(url === path ? JSON.stringify({ keys: state.keys }) : '{"error":"not found"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}` };
}

const startConsumer = (t: Test, settings: Record<string, string>) =>
  startTestConsumer(t, servers, [provider], { JWT_SECRET: '', ...settings });

const withToken = (token: string) => ({ authorization: `Bearer ${token}` });

async function buy(t: Test, consumer: string, token: string): Promise<unknown> {
  const answer = await callApi(consumer, `/api/v1/stocks/${sid}/orders`, { method: 'POST', headers: withToken(token) });
  t.equal(answer.status, 201, answer.text);
  const [[row]] = await servers.mysql.raw('SELECT buyer FROM stock_order WHERE order_no = ?', [
    String(answer.body.orderNo),
  ]);
  return row?.buyer;
}

const statusOf = async (consumer: string, path: string, token: string) =>
  (await callApi(consumer, path, { headers: withToken(token) })).status;

t.test('Keycloak: audience list, roles in realm_access, a key set with an encryption key', async (t) => {
  const [key, encryption] = [rsaPair(), rsaPair()];
  const keySet = await serveKeySet(t, '/realms/shop/protocol/openid-connect/certs', [
    jwkOf(encryption, { kid: 'Hx3-enc', use: 'enc', alg: 'RSA-OAEP', x5c: ['MIIC…'], x5t: 'a1' }),
    jwkOf(key, { kid: 'Qm9_sig', use: 'sig', alg: 'RS256', x5c: ['MIIC…'], x5t: 'b2', 'x5t#S256': 'c3' }),
  ]);
  const consumer = await startConsumer(t, {
    JWKS_URL: keySet.url,
    JWT_ISSUER: 'https://id.shop.example/realms/shop',
    JWT_AUDIENCE: 'flash-sale',
    ROLES_CLAIM: '/realm_access/roles',
    ROLE_NAMES: 'sale-admin=admin,sale-office=operator,sale-office=finance',
  });
  const claimsOf = (...roles: string[]): Claims => ({
    exp: seconds() + 300,
    iat: seconds(),
    jti: `onrtac:${Math.random()}`,
    iss: 'https://id.shop.example/realms/shop',
    aud: ['flash-sale', 'account'],
    sub: '2f0cbd4e-66b5-4a0e-9d19-7a1c9b0b6f61',
    typ: 'Bearer',
    azp: 'shop-web',
    realm_access: { roles: ['default-roles-shop', 'offline_access', 'uma_authorization', ...roles] },
    resource_access: { account: { roles: ['manage-account', 'view-profile'] } },
    scope: 'openid profile email',
    preferred_username: 'ann',
  });
  const tokenOf = (claims: Claims, pair = key, kid = 'Qm9_sig') => signToken(pair, { kid }, claims);

  t.equal(await buy(t, consumer, tokenOf(claimsOf())), '2f0cbd4e-66b5-4a0e-9d19-7a1c9b0b6f61');
  t.equal(await statusOf(consumer, '/api/v1/admin/stocks', tokenOf(claimsOf('sale-admin'))), 200);
  t.equal(await statusOf(consumer, '/api/v1/admin/stocks', tokenOf(claimsOf('sale-office'))), 200);
  t.equal(await statusOf(consumer, '/api/v1/admin/stocks', tokenOf(claimsOf())), 403);
  t.equal(
    await statusOf(consumer, '/api/v1/admin/stocks', tokenOf(claimsOf('admin'))),
    403,
    'a role of other programs',
  );
  const topLevel = { ...claimsOf(), roles: ['admin', 'sale-admin'] };
  t.equal(await statusOf(consumer, '/api/v1/admin/stocks', tokenOf(topLevel)), 403, 'in another claim');

  const orders = (claims: Claims, pair?: Pair, kid?: string) =>
    statusOf(consumer, '/api/v1/orders', tokenOf(claims, pair, kid));
  t.equal(await orders(claimsOf()), 200);
  t.equal(await orders({ ...claimsOf(), aud: 'shop-web' }), 401, 'an ID token has the client as audience');
  t.equal(await orders({ ...claimsOf(), aud: 'account' }), 401, 'without the audience mapper');
  t.equal(await orders({ ...claimsOf(), aud: 'flash-sale' }), 200, 'one audience is text');
  t.equal(await orders({ ...claimsOf(), iss: 'https://id.shop.example/realms/master' }), 401);
  t.equal(await orders({ ...claimsOf(), exp: seconds() - 4 }), 200, 'clocks may differ by 5 s');
  t.equal(await orders({ ...claimsOf(), exp: seconds() - 7 }), 401);
  t.equal(await orders({ ...claimsOf(), sub: undefined }), 401, 'a lightweight token without sub');
  t.equal(await orders(claimsOf(), encryption, 'Hx3-enc'), 401, 'the key is for encryption');

  const next = rsaPair();
  keySet.state.keys = [...keySet.state.keys, jwkOf(next, { kid: 'Zr4_sig', use: 'sig', alg: 'RS256' })];
  await new Promise((resolve) => setTimeout(resolve, 2000));
  t.equal(await orders(claimsOf(), next, 'Zr4_sig'), 200, 'a new key needs no restart, 2 s after the last read');
  t.equal(await orders(claimsOf()), 200, 'the key before is still in the set');
});

t.test('Auth0: issuer with a slash, namespaced roles, a buyer of the shop, typ at+jwt', async (t) => {
  const [key, next] = [rsaPair(), rsaPair()];
  const keySet = await serveKeySet(t, '/.well-known/jwks.json', [
    jwkOf(key, { kid: 'NzA5', use: 'sig', alg: 'RS256', x5t: 'a', x5c: ['MIIC…'] }),
    jwkOf(next, { kid: 'RkM4', use: 'sig', alg: 'RS256', x5t: 'b', x5c: ['MIIC…'] }),
  ]);
  const settings = {
    JWKS_URL: keySet.url,
    JWT_ISSUER: 'https://shop.eu.auth0.com/',
    JWT_AUDIENCE: 'https://sale.example/api',
    ROLES_CLAIM: 'https://sale.example/roles',
    ROLE_NAMES: 'Sale admin=admin,Sale viewer=viewer',
  };
  const claimsOf = (roles?: unknown): Claims => ({
    iss: 'https://shop.eu.auth0.com/',
    sub: 'auth0|65f1c0a9e8d7b6a5c4d3e2f1',
    aud: ['https://sale.example/api', 'https://shop.eu.auth0.com/userinfo'],
    iat: seconds(),
    exp: seconds() + 86_400,
    scope: 'openid profile',
    azp: 'my_client_id',
    permissions: ['admin'],
    'https://sale.example/customer': { id: 'customer-1001' },
    ...(roles !== undefined && { 'https://sale.example/roles': roles }),
  });
  const tokenOf = (claims: Claims) => signToken(key, { kid: 'NzA5', typ: 'at+jwt' }, claims);

  const bySub = await startConsumer(t, settings);
  t.equal(await buy(t, bySub, tokenOf(claimsOf())), 'auth0|65f1c0a9e8d7b6a5c4d3e2f1');
  t.equal(await statusOf(bySub, '/api/v1/admin/stocks', tokenOf(claimsOf(['Sale admin']))), 200);
  t.equal(await statusOf(bySub, '/api/v1/admin/stocks', tokenOf(claimsOf())), 403);
  for (const roles of [['admin'], 'Sale admin', { 0: 'Sale admin' }, [['Sale admin']], [null, 7]]) {
    const status = await statusOf(bySub, '/api/v1/admin/stocks', tokenOf(claimsOf(roles)));
    t.equal(status, 403, JSON.stringify(roles));
  }
  t.equal(await statusOf(bySub, '/api/v1/orders', tokenOf({ ...claimsOf(), iss: 'https://shop.eu.auth0.com' })), 401);

  const byCustomer = await startConsumer(t, { ...settings, BUYER_CLAIM: '/https:~1~1sale.example~1customer/id' });
  t.equal(await buy(t, byCustomer, tokenOf(claimsOf())), 'customer-1001');
  for (const id of [undefined, 1001, '', 'an n', 'änn', 'a'.repeat(256), ['customer-1001']]) {
    const claims = { ...claimsOf(), 'https://sale.example/customer': { id } };
    t.equal(await statusOf(byCustomer, '/api/v1/orders', tokenOf(claims)), 401, String(id).slice(0, 20));
  }
  const withoutSub = tokenOf({ ...claimsOf(), sub: undefined });
  t.equal(await statusOf(byCustomer, '/api/v1/orders', withoutSub), 200, 'sub is not needed');
});

t.test('ES256, one audience as text, roles at the top', async (t) => {
  const key = ecPair();
  const keySet = await serveKeySet(t, '/keys', [jwkOf(key, { kid: 'ec1', use: 'sig' })]);
  const consumer = await startConsumer(t, { JWKS_URL: keySet.url, JWT_ISSUER: 'https://id.example' });
  const claims = { iss: 'https://id.example', aud: 'flash-sale', sub: 'a@b.example', exp: seconds() + 60 };
  const sign = (more: Claims) => signToken(key, { algorithm: 'ES256', kid: 'ec1' }, { ...claims, ...more });
  t.equal(await buy(t, consumer, sign({})), 'a@b.example');
  t.equal(await statusOf(consumer, '/api/v1/admin/stocks', sign({ roles: ['viewer'] })), 200);
  const other = { method: 'POST', headers: withToken(sign({ roles: ['viewer'] })), body: {} };
  t.equal((await callApi(consumer, '/api/v1/admin/stocks', other)).status, 403, 'a viewer creates nothing');
});
