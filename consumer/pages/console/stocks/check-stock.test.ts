import t from 'tap';
import { checkStock } from './check-stock.ts';

const good = { name: 'A lamp', count: '10', price: '19.99', currency: 'cny', opensAt: '', closesAt: '' };
const readable = () => false;

t.test('all errors are reported at once', async (t) => {
  const fields = { name: ' ', count: '-5', price: '1.999', currency: 'yuan', opensAt: 'x', closesAt: '' };
  t.match(checkStock(fields, (field) => field === 'closesAt').errors, {
    name: { text: 'fieldNeeded' },
    count: { text: 'fieldMin', value: '0' },
    price: { text: 'fieldDecimals', value: '2' },
    currency: { text: 'fieldCurrency' },
    opensAt: { text: 'fieldTime' },
    closesAt: { text: 'fieldTime' },
  });
});

t.test('valid values are sent, empty ones are not', async (t) => {
  t.same(checkStock(good, readable), {
    values: { name: 'A lamp', count: 10, price: { amount: 1999, currency: 'CNY' } },
    errors: {},
  });
  t.match(checkStock({ ...good, currency: '' }, readable).errors, { currency: { text: 'fieldNeeded' } });
});

t.test('a sale must close after it opens', async (t) => {
  const times = { opensAt: '2030-01-02T10:00', closesAt: '2030-01-02T10:00' };
  t.match(checkStock({ ...good, ...times }, readable).errors, { closesAt: { text: 'fieldAfterOpening' } });
  t.same(checkStock({ ...good, ...times, closesAt: '2030-01-02T10:01' }, readable).errors, {});
});
