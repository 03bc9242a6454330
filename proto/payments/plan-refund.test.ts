import t from 'tap';
import { planRefund } from './plan-refund.ts';

const first = { paymentId: 'pay_1', amountCents: 1000, tries: 0 };
const repeat = { paymentId: 'pay_1', amountCents: 1000, tries: 3 };
const failed = { state: 'failed', reason: 'card closed', amountCents: 1000 } as const;

t.test('a payment without refunds is refunded, with the same key for a repeat', async (t) => {
  const create = { state: 'create', amountCents: 1000, key: 'pay_1-refund-0' };
  t.same(planRefund(first, []), create);
  t.same(planRefund(repeat, []), create);
});

t.test('a refund that exists is not made again', async (t) => {
  t.same(planRefund(repeat, [{ state: 'refunded', amountCents: 1000 }]), { state: 'refunded' });
  t.same(planRefund(first, [{ state: 'pending', amountCents: 1000 }]), { state: 'pending' });
});

t.test('what a person refunded in part is not refunded again', async (t) => {
  const rest = { state: 'create', amountCents: 700, key: 'pay_1-refund-1' };
  t.same(planRefund(first, [{ state: 'refunded', amountCents: 300 }]), rest);
  t.same(
    planRefund(first, [
      { state: 'pending', amountCents: 700 },
      { state: 'refunded', amountCents: 300 },
    ]),
    {
      state: 'pending',
    },
  );
});

t.test('a failed refund needs a person, who asks for another one by tries 0', async (t) => {
  t.same(planRefund(repeat, [failed]), { state: 'failed', reason: 'card closed' });
  t.same(planRefund(first, [failed]), { state: 'create', amountCents: 1000, key: 'pay_1-refund-1' });
  t.same(planRefund(repeat, [{ state: 'refunded', amountCents: 1000 }, failed]), { state: 'refunded' });
});
