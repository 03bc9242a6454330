import t from 'tap';
import { fieldErrors } from './field-errors.ts';

t.test('each error is assigned to its field', async (t) => {
  const errors = [
    { in: 'body', field: 'name', message: 'must NOT have fewer than 1 characters' },
    { in: 'body', field: 'count', message: 'must be >= 0' },
    { in: 'body', field: 'price.amount', message: 'must be integer' },
    { in: 'body', field: 'price.currency', message: 'is not a currency of ISO 4217, in capital letters, such as EUR' },
    { in: 'body', field: 'opensAt', message: 'must match format "date-time"' },
    { in: 'body', field: 'buyers', message: 'is odd' },
    { in: 'body', field: '', message: 'of no field' },
  ];
  t.same(fieldErrors({ code: 'invalid_request', errors }), {
    name: { text: 'fieldEmpty', value: '' },
    count: { text: 'fieldMin', value: '0' },
    price: { text: 'fieldWhole', value: '' },
    currency: { text: 'fieldCurrency', value: '' },
    opensAt: { text: 'fieldTime', value: '' },
    buyers: { text: 'fieldOther', value: 'is odd' },
  });
});

t.test('an error from a provider is assigned to its field', async (t) => {
  const errorsOf = (detail: string) => fieldErrors({ code: 'invalid_request', detail });
  t.same(errorsOf('Closes_at_ms: is not after opens_at_ms.'), { closesAt: { text: 'fieldAfterOpening', value: '' } });
  t.match(errorsOf('Closes_at_ms: the sale ended too long ago to be opened again; make a new stock.'), {
    closesAt: { text: 'fieldEnded' },
  });
  t.same(errorsOf('Add_units: there would be more than 100000000 units.'), {
    addUnits: { text: 'fieldMax', value: '100000000' },
  });
  t.same(errorsOf('Something else is wrong.'), {});
});

t.test('sold units are an error of the top-up field', async (t) => {
  t.same(Object.keys(fieldErrors({ code: 'units_sold', detail: '…' })), ['addUnits']);
  t.same(fieldErrors({ code: 'busy' }), {});
});
