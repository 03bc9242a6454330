import t from 'tap';
import { eventsAddress, plainAddress, readLocation } from './order-address.ts';

t.test('a Location is followed as given, with its query', async (t) => {
  t.equal(readLocation('/api/v1/orders/7-x-y', '7-x-y'), '/orders/7-x-y');
  const address = readLocation('/api/v1/orders/7-x-y?maxPriceCents=1999', '7-x-y');
  t.equal(address, '/orders/7-x-y?maxPriceCents=1999');
  t.equal(eventsAddress(String(address)), '/orders/7-x-y/events?maxPriceCents=1999');
  t.equal(eventsAddress(plainAddress('7-x-y')), '/orders/7-x-y/events');
});

t.test('a Location outside the order is not followed', async (t) => {
  for (const location of [
    ...[null, undefined, '', '/orders/7-x-y', '/api/v1/orders/7-x-z', '/api/v1/orders/7-x-y/payments'],
    ...['https://example.com/api/v1/orders/7-x-y', '//example.com/api/v1/orders/7-x-y', '/api/v1/orders/7-x-yz'],
  ])
    t.equal(readLocation(location, '7-x-y'), undefined, String(location));
});
