import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { createHmacHex } from './hmac-hex.ts';

t.test('it is the HMAC of node:crypto, for keys and texts of any length', async (t) => {
  const key = fc.string({ unit: 'binary', maxLength: 100 });
  const text = fc.string({ unit: 'binary', maxLength: 3000 });
  fc.assert(
    fc.property(key, text, text, (key, first, second) => {
      const hmac = createHmacHex(key);
      return [first, second, first].every(
        (text) => hmac(text) === createHmac('sha256', key).update(text).digest('hex'),
      );
    }),
  );
  t.pass('in all cases');
});
