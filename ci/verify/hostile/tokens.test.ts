import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { callApi } from '../../testing/clients/call-api.ts';
import { createToken } from '../../testing/clients/create-token.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { startTarget, type Target, targetSecrets } from '../../testing/servers/target.ts';

// Forged tokens, to a consumer with a shared secret and to one with a key set.

const now = Math.floor(Date.now() / 1000);
const good = { sub: 'ann', iss: 'flash-sale', aud: 'flash-sale', exp: now + 600 };
const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const hs = (secret: string, header: unknown = { alg: 'HS256', typ: 'JWT' }, claims: unknown = good) => {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};
const rs = (key: KeyObject, header: object, claims: object = good) => {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
};
const none = (alg: unknown) => `${part({ alg, typ: 'JWT' })}.${part(good)}.`;

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
const jwk = rsa.publicKey.export({ format: 'jwk' });
const S = targetSecrets.JWT_SECRET;

type Row = [name: string, header: string | undefined, status?: number];
const shared: Row[] = [
  ['no header', undefined],
  ['an empty header', ''],
  ['Bearer without a token', 'Bearer '],
  ['basic authentication', 'Basic YW5uOmFubg=='],
  ['a token that is not a JWT', 'Bearer nonsense'],
  ['two dots', 'Bearer ..'],
  ['a token of 9 KB', `Bearer ${hs(S, undefined, { ...good, x: 'y'.repeat(7000) })}`],
  ['a token without its signature', `Bearer ${createToken('ann').split('.').slice(0, 2).join('.')}.`],
  ['changed claims', `Bearer ${createToken('ann').replace(/\.[^.]+\./, `.${part({ ...good, sub: 'bob' })}.`)}`],
  ['alg none', `Bearer ${none('none')}`],
  ['alg None', `Bearer ${none('None')}`],
  ['alg null', `Bearer ${none(null)}`],
  ['alg is an object', `Bearer ${none({})}`],
  ['no alg', `Bearer ${hs(S, { typ: 'JWT' })}`],
  ['alg RS256, signed with the secret', `Bearer ${hs(S, { alg: 'RS256', typ: 'JWT' })}`],
  ['alg RS256, signed with a key', `Bearer ${rs(rsa.privateKey, { alg: 'RS256' })}`],
  ['a key inside the token', `Bearer ${rs(rsa.privateKey, { alg: 'RS256', jwk })}`],
  ['another secret', `Bearer ${hs('x'.repeat(32))}`],
  ['an empty secret', `Bearer ${hs('')}`],
  ['expired', `Bearer ${hs(S, undefined, { ...good, exp: now - 60 })}`],
  ['exp is a string', `Bearer ${hs(S, undefined, { ...good, exp: '9999999999' })}`],
  ['exp is negative', `Bearer ${hs(S, undefined, { ...good, exp: -1 })}`],
  ['no exp', `Bearer ${hs(S, undefined, { ...good, exp: undefined })}`],
  ['not valid yet', `Bearer ${hs(S, undefined, { ...good, nbf: now + 86_400, exp: now + 90_000 })}`],
  ['another audience', `Bearer ${hs(S, undefined, { ...good, aud: 'other-shop' })}`],
  ['an audience with the right prefix', `Bearer ${hs(S, undefined, { ...good, aud: 'flash-sale-2' })}`],
  ['no audience', `Bearer ${hs(S, undefined, { ...good, aud: undefined })}`],
  ['another issuer', `Bearer ${hs(S, undefined, { ...good, iss: 'https://evil.example' })}`],
  ['no buyer', `Bearer ${hs(S, undefined, { ...good, sub: undefined })}`],
  ['a buyer that is a list', `Bearer ${hs(S, undefined, { ...good, sub: ['ann'] })}`],
  ['a buyer of 256 characters', `Bearer ${hs(S, undefined, { ...good, sub: 'a'.repeat(256) })}`],
  ['a buyer with a line break', `Bearer ${hs(S, undefined, { ...good, sub: 'ann\n' })}`],
  ['a buyer with NUL', `Bearer ${hs(S, undefined, { ...good, sub: 'ann\0' })}`],
  ['claims that are a list', `Bearer ${hs(S, undefined, [good])}`],
  ['claims that are not JSON', `Bearer ${hs(S, undefined, '{"sub":')}`],
  ['claims in __proto__', `Bearer ${hs(S, undefined, `{"__proto__":${JSON.stringify(good)}}`)}`],
];
const keySet: Row[] = [
  ['HS256 with the public key as its secret', `Bearer ${hs(spki, { alg: 'HS256', kid: 'k1' })}`],
  ['HS256 with the public key without its line break', `Bearer ${hs(spki.trim(), { alg: 'HS256', kid: 'k1' })}`],
  ['HS256 with the shared secret', `Bearer ${hs(S, { alg: 'HS256', kid: 'k1' })}`],
  ['alg none', `Bearer ${none('none')}`],
  ['another key under a known id', `Bearer ${rs(other.privateKey, { alg: 'RS256', kid: 'k1' })}`],
  ['PS256, which is not accepted', `Bearer ${rs(rsa.privateKey, { alg: 'PS256', kid: 'k1' })}`],
  ['no key id', `Bearer ${rs(rsa.privateKey, { alg: 'RS256' })}`],
  ['an unknown key id', `Bearer ${rs(other.privateKey, { alg: 'RS256', kid: 'k2' })}`],
  ['a key id that is a path', `Bearer ${rs(other.privateKey, { alg: 'RS256', kid: '../../../../dev/null' })}`],
  ['a key id that is SQL', `Bearer ${rs(other.privateKey, { alg: 'RS256', kid: "k1' UNION SELECT 'x" })}`],
  ['a key id that is __proto__', `Bearer ${rs(other.privateKey, { alg: 'RS256', kid: '__proto__' })}`],
  ['a key id that is an object', `Bearer ${rs(rsa.privateKey, { alg: 'RS256', kid: { k1: 1 } })}`],
  ['a key id of 10 KB', `Bearer ${rs(rsa.privateKey, { alg: 'RS256', kid: 'k'.repeat(4000) })}`],
  [
    'a key inside the token',
    `Bearer ${rs(other.privateKey, { alg: 'RS256', kid: 'k3', jwk: other.publicKey.export({ format: 'jwk' }) })}`,
  ],
  [
    'a key at a URL in the token',
    `Bearer ${rs(other.privateKey, { alg: 'RS256', kid: 'k4', jku: 'https://evil.example/keys' })}`,
  ],
  ['an unknown critical header', `Bearer ${rs(other.privateKey, { alg: 'RS256', kid: 'k1', crit: ['x'], x: 1 })}`],
];

/** Sends each token with an order, a read of orders, and an administrator's call. */
async function testRefusals(target: Target, rows: Row[], valid: string): Promise<void> {
  const sid = await createTestStock(target.servers.mysql, { count: 5 });
  await target.settle();
  const calls = [
    { method: 'POST', path: `/api/v1/stocks/${sid}/orders` },
    { method: 'GET', path: '/api/v1/orders' },
    { method: 'GET', path: `/api/v1/admin/stocks/${sid}/audit` },
  ];
  for (const [name, authorization] of rows) {
    t.test(name, async (t) => {
      for (const { method, path } of calls) {
        const headers = authorization === undefined ? {} : { authorization };
        const { status, body, headers: answered } = await callApi(target.url, path, { method, headers });
        t.match({ status, code: body.code }, { status: 401, code: 'unauthorized' }, path);
        t.match(answered.get('www-authenticate'), /^Bearer realm="flash-sale"/);
      }
    });
  }
  t.test('nothing was changed, and a valid token is accepted', async (t) => {
    t.equal((await callApi(target.url, '/api/v1/orders', { headers: { authorization: valid } })).status, 200);
    await target.isUnharmed(t);
  });
}

const server = createServer((_request, response) => {
  response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'k1', use: 'sig', alg: 'RS256' }] }));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
t.teardown(() => server.close());
const JWKS_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys.json`;

const [withSecret, withKeys] = await Promise.all([
  startTarget(t),
  startTarget(t, { JWT_SECRET: '', JWKS_URL, DEMO: 'off' }),
]);
await testRefusals(withSecret, shared, `Bearer ${createToken('ann')}`);
await testRefusals(withKeys, keySet, `Bearer ${rs(rsa.privateKey, { alg: 'RS256', kid: 'k1' })}`);
