import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { createShortHmac } from './short-hmac.ts';

t.test('it is the HMAC of node:crypto, for keys and texts of any length', async (t) => {
  const key = fc.string({ unit: 'binary', maxLength: 100 });
  const encoding = fc.constantFrom('hex' as const, 'base64url' as const);
  const text = fc.string({ unit: 'binary', maxLength: 3000 });
  fc.assert(
    fc.property(key, encoding, text, text, (key, encoding, first, second) => {
      const hmac = createShortHmac(key, encoding);
      return [first, second, first].every(
        (text) => hmac(text) === createHmac('sha256', key).update(text).digest(encoding),
      );
    }),
  );
  t.pass('in all cases');
});
