import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import { startOrderWatch } from './order-watch.ts';

const wish = { orderNo: '7-A-B', sid: 7, buyer: 'ann' };
const row = (state: string) => ({ ...wish, state, createdAtMs: 1, readAtMs: 1, payments: [] });

t.test('a decision that is told is read at once and told once, an unknown one is not read', async (t) => {
  let hear: (decided: DecidedOrder) => void = () => undefined;
  let reads = 0;
  let state = 'awaiting_payment';
  const watch = startOrderWatch({
    async getOrder() {
      reads += 1;
      return row(state) as unknown as Order;
    },
    onPoll: async () => t.fail('there is a row'),
    onDecision(listener) {
      hear = listener;
      return () => undefined;
    },
  });
  t.teardown(() => watch.close());
  const heard: string[] = [];
  const leave = watch.join(wish, 'pending', ({ bytes }) => heard.push(String(/id: (\w+)/.exec(String(bytes))?.[1])));
  const tell = async (orderNo: string) => {
    hear({ orderNo, decision: 'CONFIRMED', liveOrderNo: null, state: 'awaiting_payment' });
    await turn();
  };
  await tell('7-other');
  t.equal(reads, 0);
  await tell(wish.orderNo);
  await tell(wish.orderNo);
  t.same(heard, ['awaiting_payment']);
  state = 'paid';
  await tell(wish.orderNo);
  t.same(heard, ['awaiting_payment', 'paid']);
  leave();
  t.equal(watch.watched(), 0);
});
