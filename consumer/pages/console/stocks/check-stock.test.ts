import t from 'tap';
import { checkStock } from './check-stock.ts';

const ofRush = { opensAt: '', closesAt: '', mode: 'rush', entriesOpenAt: '', entriesCloseAt: '' };
const good = Object.assign({ name: 'A lamp', count: '10', price: '19.99', currency: 'cny' }, ofRush);
const readable = () => false;

t.test('all errors are reported at once', async (t) => {
  const fields = { ...good, name: ' ', count: '-5', price: '1.999', currency: 'yuan', opensAt: 'x' };
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

t.test('a draw needs its times, in their sequence', async (t) => {
  const draw = { ...good, mode: 'draw' };
  const needed = { text: 'fieldNeeded' };
  t.match(checkStock(draw, readable).errors, { opensAt: needed, entriesOpenAt: needed, entriesCloseAt: needed });
  const times = { entriesOpenAt: '2030-01-02T10:00', entriesCloseAt: '2030-01-02T12:00', opensAt: '2030-01-02T12:20' };
  const { values, errors } = checkStock({ ...draw, ...times }, readable);
  t.same(errors, {});
  t.match(values, { mode: 'draw', entriesOpenAt: /^2030/, entriesCloseAt: /^2030/ });
  const late = checkStock({ ...draw, ...times, entriesCloseAt: '2030-01-02T12:30' }, readable).errors;
  t.match(late, { opensAt: { text: 'fieldAfterEntries' } });
  const early = checkStock({ ...draw, ...times, entriesCloseAt: '2030-01-02T10:00' }, readable).errors;
  t.match(early, { entriesCloseAt: { text: 'fieldAfterEntriesOpen' } });
});

t.test('the times of a draw are not sent with a rush', async (t) => {
  const { values } = checkStock({ ...good, entriesOpenAt: '2030-01-02T10:00' }, readable);
  t.notOk('entriesOpenAt' in values || 'mode' in values);
});
