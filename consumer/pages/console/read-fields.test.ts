import t from 'tap';
import { toCents, toCount, toIso } from './read-fields.ts';

t.test('a price is sent in the currency’s smallest unit', async (t) => {
  t.same(toCents('priceCents', '19.99', 'CNY'), { priceCents: 1999 });
  t.same(toCents('priceCents', '1500', 'JPY'), { priceCents: 1500 });
  t.same(toCents('priceCents', ' 0.07 ', ''), { priceCents: 7 });
  t.same(toCents('priceCents', '19.999', 'CNY'), { priceCents: 1999.9 }, 'the API refuses it');
  t.same(toCents('priceCents', '5', 'not one'), { priceCents: 500 });
});

t.test('what is empty is not sent, and what is no number is sent as it is', async (t) => {
  t.same(toCount('count', ' '), {});
  t.same(toCount('count', 'many'), { count: 'many' });
  t.same(toCount('count', '-5'), { count: -5 });
  t.same(toCents('priceCents', 'dear', 'CNY'), { priceCents: 'dear' });
  t.same(toIso('opensAt', ''), {});
});

t.test('a time of this device is sent as one of all', async (t) => {
  t.same(toIso('opensAt', '2030-01-02T10:00:05'), { opensAt: new Date('2030-01-02T10:00:05').toISOString() });
  t.same(toIso('opensAt', 'soon'), { opensAt: 'soon' });
});
