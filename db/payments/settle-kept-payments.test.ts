import t from 'tap';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { recordPayment } from './record-payments.ts';
import { settleAllKeptPayments, settleKeptPayments } from './settle-kept-payments.ts';

const { database, mysql } = await createTestDatabase(t);

t.test('a payment of an unknown order is tried again within a minute, after any number of tries', async (t) => {
  const event = { eventId: 'event-1', paymentId: 'pay-1', orderNo: 'not-known', amountCents: 5, currency: 'EUR' };
  t.match(await recordPayment(database, event), { outcome: 'KEPT' });
  await mysql.raw('UPDATE kept_payment SET tries = 50');
  t.equal(await settleKeptPayments(database, () => t.fail('settled')), false);
  const [[{ seconds }]] = await mysql.raw(
    'SELECT TIMESTAMPDIFF(SECOND, NOW(3), next_try_at) AS seconds FROM kept_payment',
  );
  t.ok(seconds > 0 && seconds <= 60, `${seconds} s`);
});

t.test('all kept payments are tried once, also those that are not due', async (t) => {
  for (let n = 2; n <= 150; n += 1) {
    const event = {
      eventId: `event-${n}`,
      paymentId: `pay-${n}`,
      orderNo: 'not-known',
      amountCents: 5,
      currency: 'EUR',
    };
    await recordPayment(database, event);
  }
  await mysql.raw('UPDATE kept_payment SET next_try_at = NOW(3) + INTERVAL 1 HOUR');
  t.same(await settleAllKeptPayments(database), { settled: 0, unknown: 150 });
});
