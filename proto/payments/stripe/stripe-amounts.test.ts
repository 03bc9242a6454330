import t from 'tap';
import { fromStripeAmount, toStripeAmount } from './stripe-amounts.ts';

t.test('amounts are the same in both for currencies with two decimals', async (t) => {
  for (const currency of ['EUR', 'USD', 'CNY', 'HUF', 'TWD']) {
    t.equal(toStripeAmount(1999, currency), 1999, currency);
    t.equal(fromStripeAmount(1999, currency), 1999, currency);
  }
});

t.test('currencies without decimals are not multiplied', async (t) => {
  for (const currency of ['JPY', 'KRW', 'VND', 'CLP', 'XAF']) t.equal(toStripeAmount(500, currency), 500, currency);
});

t.test('ISK and UGX have no decimals in ISO 4217 and two zeros in Stripe', async (t) => {
  for (const currency of ['ISK', 'UGX']) {
    t.equal(toStripeAmount(5, currency), 500, currency);
    t.equal(fromStripeAmount(500, currency), 5, currency);
    t.throws(() => fromStripeAmount(501, currency), /not a whole number/);
  }
});

t.test('MGA has two decimals in ISO 4217 and none in Stripe', async (t) => {
  t.equal(toStripeAmount(500, 'MGA'), 5);
  t.equal(fromStripeAmount(5, 'MGA'), 500);
  t.throws(() => toStripeAmount(501, 'MGA'), /does not take/);
});

t.test('amounts with three decimals must end with 0', async (t) => {
  for (const currency of ['BHD', 'JOD', 'KWD', 'OMR', 'TND']) {
    t.equal(toStripeAmount(5120, currency), 5120, currency);
    t.throws(() => toStripeAmount(5124, currency), /does not take/);
  }
});

t.test('amounts that Stripe cannot have are refused', async (t) => {
  for (const currency of ['IQD', 'LYD', 'CLF']) t.throws(() => toStripeAmount(1000, currency), /no amounts/);
  t.throws(() => toStripeAmount(Number.MAX_SAFE_INTEGER, 'ISK'), /does not take/);
});
