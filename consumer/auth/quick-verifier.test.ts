import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { createVerifier } from 'fast-jwt';
import t from 'tap';
import { createQuickVerifier } from './quick-verifier.ts';

const secret = 'kq3rM8vXz5Lw0TtYb7Jd2HfNs9PcGaE4';
const expected = { issuer: 'flash-sale', audience: 'flash-sale', clockToleranceMs: 5000 };
const library = createVerifier({
  key: secret,
  algorithms: ['HS256'],
  allowedIss: expected.issuer,
  allowedAud: expected.audience,
  requiredClaims: ['exp', 'sub', 'iss', 'aud'],
  clockTolerance: expected.clockToleranceMs,
});
const seconds = Math.floor(Date.now() / 1000);
const part = (text: string) => Buffer.from(text).toString('base64url');
const sign = (header: string, payload: string, key = secret) => {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
};
const header = '{"alg":"HS256","typ":"JWT"}';
const good = { iss: 'flash-sale', aud: 'flash-sale', sub: 'ann', exp: seconds + 600 };

function outcome(verify: (token: string) => unknown, token: string): unknown {
  try {
    return verify(token);
  } catch (error) {
    return (error as Error).message;
  }
}

/** A verifier that has accepted a token before, and how often it asked the library. */
function warm() {
  let asked = 0;
  const verify = (token: string) => {
    asked += 1;
    return library(token);
  };
  const quick = createQuickVerifier({ ...expected, secret, verify });
  quick(sign(header, JSON.stringify(good)));
  return { quick, asked: () => asked - 1 };
}

t.test('every token has the outcome that the library gives it', async (t) => {
  const { quick } = warm();
  const any = fc.jsonValue({ maxDepth: 1 });
  const near = (value: fc.Arbitrary<unknown>, usual: unknown) =>
    fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: value });
  const times = fc.oneof(fc.integer({ min: seconds - 600, max: seconds + 600 }), any);
  const claims = fc.record(
    {
      iss: near(any, 'flash-sale'),
      aud: near(fc.oneof(fc.constant(['x', 'flash-sale']), fc.constant([]), any), 'flash-sale'),
      sub: near(any, 'ann'),
      exp: near(times, seconds + 600),
      nbf: times,
      iat: times,
    },
    { requiredKeys: ['iss', 'aud', 'sub', 'exp'] },
  );
  const payload = fc
    .oneof({ weight: 8, arbitrary: claims }, { weight: 1, arbitrary: any })
    .map((x) => JSON.stringify(x));
  const headers = near(
    fc.constantFrom('{"alg":"none"}', '{"alg":"HS512"}', '{"alg":"HS256","crit":["x"]}', '[]', 'x'),
    header,
  );
  const key = near(fc.constant('another secret of 32 characters.'), secret);
  const spoil = near(fc.constantFrom('cut', 'longer', 'changed', 'unsigned', 'other end'), 'no');
  fc.assert(
    fc.property(headers, payload, key, spoil, (header, payload, key, spoil) => {
      const signed = sign(header as string, payload, key as string);
      const token = {
        no: signed,
        cut: signed.slice(0, -1),
        longer: `${signed}A`,
        changed: signed.replace('.', '.A'),
        unsigned: signed.slice(0, signed.lastIndexOf('.') + 1),
        // The last character of a signature has two unused bits.
        'other end': `${signed.slice(0, -1)}${String.fromCharCode(signed.charCodeAt(signed.length - 1) + 1)}`,
      }[spoil as string] as string;
      t.same(outcome(quick, token), outcome(library, token), token);
    }),
    { numRuns: 3000 },
  );
});

t.test('usual tokens are verified without the library, all others by it', async (t) => {
  const { quick, asked } = warm();
  t.same(quick(sign(header, JSON.stringify({ ...good, sub: 'bob' }))), { ...good, sub: 'bob' });
  t.equal(asked(), 0);
  for (const token of [
    sign(header, JSON.stringify({ ...good, nbf: seconds + 60 })),
    sign(header, JSON.stringify({ ...good, exp: seconds - 60 })),
    sign(header, JSON.stringify({ ...good, iss: 'other' })),
    sign(header, JSON.stringify({ ...good, aud: 'other' })),
    sign(header, JSON.stringify(good), 'another secret of 32 characters.'),
    sign('{"alg":"HS256","crit":["x"]}', JSON.stringify(good)),
  ]) {
    const before = asked();
    t.throws(() => quick(token));
    t.equal(asked(), before + 1);
  }
});
