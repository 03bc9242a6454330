import t from 'tap';
import type { OrderEvent } from '../../db/orders/order-event-table.ts';
import { realClock } from '../../proto/process/clock.ts';
import { createEventPublisher } from './event-publisher.ts';

const event = (orderNo: string): OrderEvent => {
  return {
    orderNo,
    type: 'confirmed',
    sid: 1,
    buyer: 'ann',
    priceCents: 5,
    quantity: 1,
    reference: null,
    metadata: null,
    currency: 'EUR',
    createdAtMs: 1,
  };
};
const numbers = (events: OrderEvent[]) => events.map(({ orderNo }) => orderNo);

t.test('events that come together are sent together; a flush waits for those before it', async (t) => {
  const sent: string[][] = [];
  const acknowledged = Promise.withResolvers<void>();
  const events = createEventPublisher({
    clock: realClock,
    send(batch) {
      sent.push(numbers(batch));
      return acknowledged.promise;
    },
    keep: async () => void t.fail('acknowledged'),
  });
  await events.add([event('a')]);
  await events.add([event('b')]);
  let flushed = false;
  const flush = events.flush().then(() => {
    flushed = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.same(sent, [['a', 'b']]);
  t.equal(flushed, false, 'not before the acknowledgement');
  acknowledged.resolve();
  await flush;
  await events.flush();
  t.same(sent, [['a', 'b']]);
});

t.test('an event that is not acknowledged becomes a row; without the database both are tried again', async (t) => {
  const kept: string[] = [];
  let failures = 2;
  let tries = 0;
  const events = createEventPublisher({
    clock: realClock,
    async send() {
      tries += 1;
      throw new Error('no broker');
    },
    async keep(batch) {
      failures -= 1;
      if (failures > 0) throw new Error('no database');
      kept.push(...numbers(batch));
    },
  });
  await events.add([event('a')]);
  await events.flush();
  t.same(kept, ['a']);
  t.equal(tries, 2);
});

t.test('a full queue makes its caller wait', async (t) => {
  const acknowledged = Promise.withResolvers<void>();
  const events = createEventPublisher({
    clock: realClock,
    send: () => acknowledged.promise,
    keep: async () => undefined,
  });
  let hasRoom = false;
  const waiting = events.add(Array.from({ length: 20_001 }, (_, i) => event(`${i}`))).then(() => {
    hasRoom = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.equal(hasRoom, false);
  acknowledged.resolve();
  await waiting;
});
