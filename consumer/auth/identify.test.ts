import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSigner } from 'fast-jwt';
import t, { type Test } from 'tap';
import { createToken, testEnvironment, testSecrets } from '../../ci/testing/clients/create-token.ts';
import { fakeClock } from '../../ci/testing/fake-clock.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { readConfig } from '../config.ts';
import { Problem } from '../http/problem.ts';
import { createIdentify, type Identify } from './identify.ts';

const env = { ...testEnvironment, REDIS_URL: 'redis://127.0.0.1:1', ...testSecrets };
const log = { debug: () => undefined };

async function ask(identify: Identify, authorization?: string, hook: 'buyerOnly' | 'adminOnly' = 'buyerOnly') {
  const request = { headers: { authorization }, log, method: 'GET', routeOptions: {} } as never as Parameters<
    Identify['buyerOnly']
  >[0];
  try {
    await new Promise<void>((resolve, reject) =>
      identify[hook](request, {} as never, (error) => (error ? reject(error) : resolve())),
    );
    return request.identity;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { refused: error.code, challenge: error.headers['www-authenticate'] };
  }
}

const local = createIdentify(readConfig(env));
const now = () => Math.floor(Date.now() / 1000);

t.test('a token identifies its buyer, also from the cache', async (t) => {
  const header = `Bearer ${createToken('ann', { roles: ['admin', 'x'] })}`;
  const untilMs = JSON.parse(Buffer.from(String(header.split('.')[1]), 'base64url').toString()).exp * 1000;
  const ann = { buyer: 'ann', roles: ['admin', 'x'], untilMs, missingClaim: null, isVouchedFor: false, device: null };
  t.same(await ask(local, header), ann);
  t.same(await ask(local, header), ann);
  t.same(await ask(local, header.replace('Bearer', 'bearer'), 'adminOnly'), ann);
});

t.test('during a rotation tokens of all configured secrets are accepted, and no others', async (t) => {
  const secrets = [testSecrets.JWT_SECRET, testSecrets.ORDER_NO_KEY];
  const rotating = createIdentify(readConfig({ ...env, JWT_SECRET: secrets.join(',') }));
  for (const secret of secrets) {
    t.match(await ask(rotating, `Bearer ${createToken('ann', { secret })}`), { buyer: 'ann' });
    const over = createToken('ann', { secret, expiresInMs: -60_000 });
    t.match(await ask(rotating, `Bearer ${over}`), { refused: 'unauthorized' });
  }
  for (const secret of ['x'.repeat(32), secrets.join(',')]) {
    t.match(await ask(rotating, `Bearer ${createToken('ann', { secret })}`), { refused: 'unauthorized' });
  }
});

t.test('the challenge names an error for invalid tokens only', async (t) => {
  t.same(await ask(local), { refused: 'unauthorized', challenge: 'Bearer realm="flash-sale"' });
  t.match(await ask(local, 'Basic YTpi'), { refused: 'unauthorized', challenge: /invalid_request/ });
  t.match(await ask(local, `Bearer ${createToken('a')}x`), { refused: 'unauthorized', challenge: /invalid_token/ });
  t.match(await ask(local, `Bearer ${'x'.repeat(9000)}`), { refused: 'unauthorized', challenge: /invalid_token/ });
});

const unsigned = () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: 'ann', iss: 'flash-sale', aud: 'flash-sale', exp: now() + 60 };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
};

const refused: Record<string, () => string> = {
  expired: () => createToken('ann', { expiresInMs: -10_000 }),
  'of another secret': () => createToken('ann', { secret: 'x'.repeat(40) }),
  'of another issuer': () => createToken('ann', { claims: { iss: 'other' } }),
  'for another audience': () => createToken('ann', { claims: { aud: ['other'] } }),
  'not valid yet': () => createToken('ann', { claims: { nbf: now() + 60 } }),
  'without an end': () => createToken('ann', { claims: { exp: undefined } }),
  'without a buyer': () => createToken('ann', { claims: { sub: undefined } }),
  unsigned: unsigned,
  'signed with HS512': () =>
    createSigner({ key: testSecrets.JWT_SECRET, algorithm: 'HS512' })({
      sub: 'ann',
      iss: 'flash-sale',
      aud: 'flash-sale',
      exp: now() + 60,
    }),
  'with an empty sub': () => createToken(''),
  'with a space in sub': () => createToken('an n'),
  'with a sub outside ASCII': () => createToken('änn'),
  'with a sub that is too long': () => createToken('a'.repeat(256)),
};
for (const [name, make] of Object.entries(refused)) {
  t.test(`a token ${name} is refused, each time`, async (t) => {
    const header = `Bearer ${make()}`;
    t.match(await ask(local, header), { refused: 'unauthorized' });
    t.match(await ask(local, header), { refused: 'unauthorized' });
  });
}

t.test('an expired token is refused, also from the cache', async (t) => {
  // The clock tolerance is 5 s.
  const header = `Bearer ${createToken('ann', { expiresInMs: -3500 })}`;
  t.match(await ask(local, header), { buyer: 'ann' });
  await new Promise((resolve) => setTimeout(resolve, 2600));
  t.match(await ask(local, header), { refused: 'unauthorized' });
});

t.test('admin routes need the role admin', async (t) => {
  t.match(await ask(local, `Bearer ${createToken('ann')}`, 'adminOnly'), { refused: 'forbidden' });
  t.match(await ask(local, `Bearer ${createToken('ann', { claims: { roles: 'admin' } })}`, 'adminOnly'), {
    refused: 'forbidden',
  });
  t.match(await ask(local, undefined, 'adminOnly'), { refused: 'unauthorized' });
});

/** A server of public keys that can be made to fail. */
async function serveKeys(t: Test, keys: Record<string, KeyObject>) {
  const jwks = Object.entries(keys).map(([kid, key]) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' }));
  const state = { asked: 0, mode: 'ok' as 'ok' | 'broken' | 'silent', jwks: jwks as object[] };
  const server = createServer((_request, response) => {
    state.asked += 1;
    if (state.mode === 'silent') return;
    response.statusCode = state.mode === 'ok' ? 200 : 500;
    response.end(state.mode === 'ok' ? JSON.stringify({ keys: state.jwks }) : '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys/jwks.json`;
  const config = readConfig({ ...env, JWT_SECRET: '', JWKS_URL: url });
  return { state, open: (clock?: Clock) => createIdentify(config, clock) };
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const claims = () => ({
  sub: 'ann',
  iss: 'flash-sale',
  aud: ['x', 'flash-sale'],
  exp: now() + 60,
  jti: String(Math.random()),
});
const signWith = (algorithm: 'RS256' | 'ES256' | 'RS512', kid: string, key: KeyObject) =>
  `Bearer ${createSigner({ algorithm, kid, key: key.export({ type: 'pkcs8', format: 'pem' }) as string })(claims())}`;

t.test('RS256 and ES256 tokens are verified with the keys of JWKS_URL, which are read once', async (t) => {
  const { state, open } = await serveKeys(t, { r1: rsa.publicKey, e1: ec.publicKey });
  const identify = open();
  for (let i = 0; i < 3; i += 1) {
    t.match(await ask(identify, signWith('RS256', 'r1', rsa.privateKey)), { buyer: 'ann' });
    t.match(await ask(identify, signWith('ES256', 'e1', ec.privateKey)), { buyer: 'ann' });
  }
  t.equal(state.asked, 1);
  t.match(await ask(identify, signWith('RS512', 'r1', rsa.privateKey)), { refused: 'unauthorized' });
  t.match(await ask(identify, `Bearer ${createToken('ann')}`), { refused: 'unauthorized' }, 'HS256 has no place here');
  const publicText = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const confused = createToken('ann', { secret: Buffer.from(publicText).toString('base64') });
  t.match(await ask(identify, `Bearer ${confused}`), { refused: 'unauthorized' }, 'nor signed with a public key');
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  t.match(await ask(identify, signWith('RS256', 'r1', other.privateKey)), { refused: 'unauthorized' });
});

t.test('unknown key ids do not cause a read each, and new keys are still found', async (t) => {
  const { state, open } = await serveKeys(t, { r1: rsa.publicKey });
  const clock = fakeClock();
  const identify = open(clock);
  const makeUp = async (from: number) => {
    for (let i = from; i < from + 30; i += 1) {
      t.match(await ask(identify, signWith('RS256', `made-up-${i}`, rsa.privateKey)), { refused: 'unauthorized' });
    }
  };
  await makeUp(0);
  t.equal(state.asked, 1);
  const [known = {}] = state.jwks;
  state.jwks = [known, { ...ec.publicKey.export({ format: 'jwk' }), kid: 'e2', use: 'sig' }];
  await clock.advance(2000);
  await makeUp(30);
  t.match(await ask(identify, signWith('ES256', 'e2', ec.privateKey)), { buyer: 'ann' });
  t.equal(state.asked, 2, 'one more question for all of them');
  state.mode = 'broken';
  await clock.advance(2000);
  const unknown = ask(identify, signWith('RS256', 'made-up', rsa.privateKey));
  t.match(await unknown, { refused: 'unavailable' }, 'it may be in a set that cannot be read');
  t.match(await ask(identify, signWith('RS256', 'r1', rsa.privateKey)), { buyer: 'ann' });
});

t.test('a withdrawn key is refused from the next read on, and so are its cached tokens', async (t) => {
  const { state, open } = await serveKeys(t, { r1: rsa.publicKey, e1: ec.publicKey });
  const clock = fakeClock();
  const identify = open(clock);
  const seen = signWith('RS256', 'r1', rsa.privateKey);
  t.match(await ask(identify, seen), { buyer: 'ann' });
  state.jwks = state.jwks.slice(1);
  await clock.advance(121_000);
  t.match(await ask(identify, seen), { refused: 'unauthorized' });
  t.match(await ask(identify, signWith('RS256', 'r1', rsa.privateKey)), { refused: 'unauthorized' });
  t.match(await ask(identify, signWith('ES256', 'e1', ec.privateKey)), { buyer: 'ann' });
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  state.jwks = [{ ...other.publicKey.export({ format: 'jwk' }), kid: 'e1' }];
  await clock.advance(121_000);
  t.match(await ask(identify, signWith('ES256', 'e1', ec.privateKey)), { refused: 'unauthorized' }, 'another key');
  t.match(await ask(identify, signWith('ES256', 'e1', other.privateKey)), { buyer: 'ann' });
});

t.test('a key set that cannot be read again is used for an hour, without waiting', async (t) => {
  const { state, open } = await serveKeys(t, { r1: rsa.publicKey });
  const clock = fakeClock();
  const identify = open(clock);
  t.match(await ask(identify, signWith('RS256', 'r1', rsa.privateKey)), { buyer: 'ann' });
  state.mode = 'broken';
  await clock.advance(121_000);
  t.match(await ask(identify, signWith('RS256', 'r1', rsa.privateKey)), { buyer: 'ann' });
  state.mode = 'silent';
  t.match(await ask(identify, signWith('RS256', 'r1', rsa.privateKey)), { buyer: 'ann' }, 'at once');
  await clock.advance(3_600_000);
  state.mode = 'broken';
  t.match(await ask(identify, signWith('RS256', 'r1', rsa.privateKey)), { refused: 'unavailable' });
});

t.test('a JWK is used only for signatures, with its algorithm and enough bits', async (t) => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const { state, open } = await serveKeys(t, {});
  const jwk = rsa.publicKey.export({ format: 'jwk' });
  const codeFor = async (more: object, by = rsa) => {
    state.jwks = [null, 'x', {}, { ...by.publicKey.export({ format: 'jwk' }), kid: 'k', ...more }] as object[];
    const { privateKey } = by;
    const answer = await ask(open(), signWith('RS256', 'k', privateKey));
    return 'refused' in answer ? answer.refused : answer.buyer;
  };
  t.equal(await codeFor({ use: 'sig' }), 'ann');
  t.equal(await codeFor({ use: 'sig', alg: 'RS256', key_ops: ['verify'] }), 'ann');
  t.equal(await codeFor({}), 'ann', 'which need not say its use');
  t.equal(await codeFor({ use: 'enc' }), 'unauthorized');
  t.equal(await codeFor({ key_ops: ['encrypt'] }), 'unauthorized');
  t.equal(await codeFor({ alg: 'RS512' }), 'unauthorized');
  t.equal(await codeFor({ kid: 7 }), 'unauthorized');
  t.equal(await codeFor({ n: jwk.n?.slice(0, 20) }), 'unauthorized');
  t.equal(await codeFor({ use: 'sig' }, short), 'unauthorized', '1024 bits');
});

t.test('many concurrent tokens of a new key cause one read', async (t) => {
  const { state, open } = await serveKeys(t, { r1: rsa.publicKey });
  const identify = open();
  state.mode = 'broken';
  for (let i = 0; i < 15; i += 1) {
    t.match(await ask(identify, signWith('RS256', 'r1', rsa.privateKey)), { refused: 'unavailable' });
  }
  state.mode = 'ok';
  state.asked = 0;
  const identities = Array.from({ length: 50 }, () => ask(identify, signWith('RS256', 'r1', rsa.privateKey)));
  for (const identity of await Promise.all(identities)) t.match(identity, { buyer: 'ann' });
  t.equal(state.asked, 1);
});

t.test('an unreadable key set is answered with 503, not 401', async (t) => {
  const { state, open } = await serveKeys(t, { r1: rsa.publicKey });
  const identify = open();
  const header = signWith('RS256', 'r1', rsa.privateKey);
  state.mode = 'broken';
  t.match(await ask(identify, header), { refused: 'unavailable' });
  state.mode = 'silent';
  const startedMs = Date.now();
  t.match(await ask(identify, header), { refused: 'unavailable' });
  t.ok(Date.now() - startedMs < 3000, 'within its own deadline');
  state.mode = 'ok';
  t.match(await ask(open(), header), { buyer: 'ann' }, 'a new process');
  t.match(await ask(identify, header), { buyer: 'ann' }, 'also the token that failed before');
});
