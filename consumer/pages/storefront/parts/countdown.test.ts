import t from 'tap';
import { countdown } from './countdown.ts';

t.test('a countdown rounds up and shows zero only when the time is over', async (t) => {
  t.equal(countdown(0), '00:00');
  t.equal(countdown(-5), '00:00');
  t.equal(countdown(1), '00:01');
  t.equal(countdown(599_000), '09:59');
  t.equal(countdown(3_600_000), '1:00:00');
  t.equal(countdown(90_061_000), '25:01:01');
  t.equal(countdown(61_000, true), '00:01:01');
});
