import t from 'tap';
import { fieldErrors } from './field-errors.ts';

t.test('what is wrong is said of the field that it is about', async (t) => {
  const errors = [
    { in: 'body', field: 'name', message: 'must NOT have fewer than 1 characters' },
    { in: 'body', field: 'count', message: 'must be >= 0' },
    { in: 'body', field: 'priceCents', message: 'must be integer' },
    { in: 'body', field: 'currency', message: 'is not a currency of ISO 4217, in capital letters, such as EUR' },
    { in: 'body', field: 'opensAt', message: 'must match format "date-time"' },
    { in: 'body', field: 'buyers', message: 'is odd' },
    { in: 'body', field: '', message: 'of no field' },
  ];
  t.same(fieldErrors({ code: 'invalid_request', errors }), {
    name: { text: 'fieldEmpty', value: '' },
    count: { text: 'fieldMin', value: '0' },
    priceCents: { text: 'fieldWhole', value: '' },
    currency: { text: 'fieldCurrency', value: '' },
    opensAt: { text: 'fieldTime', value: '' },
    buyers: { text: 'fieldOther', value: 'is odd' },
  });
});

t.test('what a provider refuses is said of its field too', async (t) => {
  const said = (detail: string) => fieldErrors({ code: 'invalid_request', detail });
  t.same(said('Closes_at_ms: is not after opens_at_ms.'), { closesAt: { text: 'fieldAfterOpening', value: '' } });
  t.match(said('Closes_at_ms: the sale ended too long ago to be opened again; make a new stock.'), {
    closesAt: { text: 'fieldEnded' },
  });
  t.same(said('Add_units: there would be more than 100000000 units.'), {
    addUnits: { text: 'fieldMax', value: '100000000' },
  });
  t.same(said('Something else is wrong.'), {});
});

t.test('units that are sold are the top-up’s business', async (t) => {
  t.same(Object.keys(fieldErrors({ code: 'units_sold', detail: '…' })), ['addUnits']);
  t.same(fieldErrors({ code: 'busy' }), {});
});
