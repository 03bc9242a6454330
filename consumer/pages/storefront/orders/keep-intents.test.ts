import t from 'tap';
import { createIntents, intentName, readIntentName, readOrderNo } from './keep-intents.ts';

/** A minimal localStorage. */
function openStore() {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
    names: () => [...kept.keys()],
  };
}

const price = (amount: number) => ({ amount, currency: 'EUR' });
const fresh = (sid: string, key: string, sinceMs = 0, amount = 1000) => ({
  sid,
  key,
  sinceMs,
  maxPrice: price(amount),
});

t.test('all tabs that share the store use the same key for an intent', async (t) => {
  const store = openStore();
  const first = createIntents(store).begin('ann', fresh('7', 'k1', 1000));
  t.same(first, { intent: { sid: '7', key: 'k1', sinceMs: 1000, maxPrice: price(1000) }, isNew: true });
  t.match(createIntents(store).begin('ann', fresh('7', 'k2', 2000, 2000)), {
    intent: { key: 'k1', maxPrice: price(1000) },
    isNew: false,
  });
  t.match(createIntents(store).begin('bob', fresh('7', 'k3', 2000)), { isNew: true });
  t.match(createIntents(store).begin('ann', fresh('8', 'k4', 2000)), { isNew: true });
});

t.test('ending an intent by its key does not end a later one', async (t) => {
  const intents = createIntents(openStore());
  intents.begin('ann', fresh('7', 'k1'));
  intents.end('ann', '7', 'another');
  t.ok(intents.read('ann', '7'));
  intents.end('ann', '7', 'k1');
  t.equal(intents.read('ann', '7'), null);
  intents.setOrder('ann', '7', 'k1', 'no');
  t.equal(intents.read('ann', '7'), null, 'an ended intent cannot get an order');
});

t.test('the end of an order ends its own intent and no later one', async (t) => {
  const intents = createIntents(openStore());
  intents.begin('ann', fresh('7', 'k1'));
  intents.endWithOrder('ann', '7', 'an older order');
  t.ok(intents.read('ann', '7'), 'the outcome is not known yet');
  intents.setOrder('ann', '7', 'k1', 'no');
  intents.endWithOrder('ann', '7', 'an older order');
  t.ok(intents.read('ann', '7'));
  intents.endWithOrder('ann', '7', 'no');
  t.equal(intents.read('ann', '7'), null);
});

t.test('an intent that was given up keeps its key and price until the next click', async (t) => {
  const store = openStore();
  const intents = createIntents(store);
  intents.begin('ann', fresh('7', 'k1'));
  intents.giveUp('ann', '7', 'another');
  t.notOk(intents.read('ann', '7')?.isGivenUp);
  intents.giveUp('ann', '7', 'k1');
  t.match(createIntents(store).unfinished('ann', 1000), [{ key: 'k1', isGivenUp: true }]);
  const { intent, isNew } = createIntents(store).begin('ann', fresh('7', 'k2', 2000, 2000));
  t.same(intent, fresh('7', 'k1'));
  t.notOk(isNew);
  t.same(intents.read('ann', '7'), fresh('7', 'k1'));
  intents.giveUp('ann', '7', 'k1');
  intents.setOrder('ann', '7', 'k1', 'no');
  t.same(intents.read('ann', '7'), { ...fresh('7', 'k1'), orderNo: 'no' }, 'or until its order is known');
});

t.test('an intent older than two minutes is given up, unless it has an order', async (t) => {
  const intents = createIntents(openStore());
  intents.begin('ann', fresh('7', 'k1'));
  t.same(intents.unfinished('ann', 120_000), [fresh('7', 'k1')]);
  t.match(intents.unfinished('ann', 120_001), [{ key: 'k1', isGivenUp: true }]);
  intents.setOrder('ann', '7', 'k1', 'no');
  t.same(intents.unfinished('ann', 120_001), [{ ...fresh('7', 'k1'), orderNo: 'no' }]);
});

t.test('the address of an order is stored with its number', async (t) => {
  const intents = createIntents(openStore());
  intents.begin('ann', fresh('7', 'k1'));
  intents.setOrder('ann', '7', 'k1', 'no', '/api/v1/orders/no?maxPriceCents=1000');
  intents.setOrder('ann', '7', 'k1', 'no');
  t.match(intents.read('ann', '7'), { orderNo: 'no', location: '/api/v1/orders/no?maxPriceCents=1000' });
  intents.setOrder('ann', '7', 'k1', 'other', null);
  t.same(intents.read('ann', '7')?.location, undefined);
});

t.test('unfinished intents are found; old ones without an order are forgotten', async (t) => {
  const store = openStore();
  const intents = createIntents(store);
  intents.begin('ann', fresh('7', 'k1'));
  intents.begin('ann', fresh('8', 'k2'));
  intents.setOrder('ann', '8', 'k2', 'no');
  intents.begin('a.b', fresh('9', 'k3'));
  store.setItem('something else', '{}');
  t.same(
    intents.unfinished('ann', 1000).map(({ sid }) => sid),
    [7, 8],
  );
  t.same(
    intents.unfinished('ann', 3_600_000).map(({ sid }) => sid),
    [8],
  );
  t.equal(intents.read('ann', '7'), null);
  t.ok(intents.read('a.b', '9'));
});

t.test('an unreadable entry is no intent', async (t) => {
  const store = openStore();
  store.setItem(intentName('ann', '7'), 'not JSON');
  store.setItem(intentName('ann', '8'), '{"key":1}');
  t.equal(createIntents(store).read('ann', '7'), null);
  t.equal(createIntents(store).read('ann', '8'), null);
  store.setItem(intentName('ann', '9'), '{"key":"of an earlier release","sinceMs":0,"maxPriceCents":1000}');
  t.equal(createIntents(store).read('ann', '9'), null);
  t.same(readIntentName(intentName('a.b', '7')), { sid: '7', buyer: 'a.b' });
  t.equal(readIntentName('flash-sale.buyer'), null);
  t.equal(readIntentName(null), null);
  t.equal(readOrderNo('{"key":"k","orderNo":"no"}'), 'no');
  for (const text of [null, 'not JSON', '{"key":"k"}', 'null']) t.equal(readOrderNo(text), undefined);
});
