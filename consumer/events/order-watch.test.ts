import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import { startOrderWatch } from './order-watch.ts';

const watched = { orderNo: '7-A-B', sid: 7, buyer: 'ann' };
const row = (state: string) => ({
  decision: 'CONFIRMED',
  ...watched,
  state,
  createdAtMs: 1,
  readAtMs: 1,
  payments: [],
});

t.test('a delivered decision is read and sent once; one without listeners is not read', async (t) => {
  let deliver: (decided: DecidedOrder) => void = () => undefined;
  let reads = 0;
  let state = 'awaiting_payment';
  const watch = startOrderWatch({
    async getOrder() {
      reads += 1;
      return row(state) as unknown as Order;
    },
    onPoll: async () => t.fail('there is a row'),
    onDecision(listener) {
      deliver = listener;
      return () => undefined;
    },
  });
  t.teardown(() => watch.close());
  const received: string[] = [];
  const leave = watch.join(watched, 'pending', ({ bytes }) =>
    received.push(String(/id: (\w+)/.exec(String(bytes))?.[1])),
  );
  const publish = async (orderNo: string) => {
    deliver({ orderNo, decision: 'CONFIRMED', liveOrderNo: null, state: 'awaiting_payment' });
    await turn();
  };
  await publish('7-other');
  t.equal(reads, 0);
  await publish(watched.orderNo);
  await publish(watched.orderNo);
  t.same(received, ['awaiting_payment']);
  state = 'paid';
  await publish(watched.orderNo);
  t.same(received, ['awaiting_payment', 'paid']);
  leave();
  t.equal(watch.watched(), 0);
});
