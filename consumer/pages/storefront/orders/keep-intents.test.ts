import t from 'tap';
import { createIntents, intentName, readIntentName, readOrderNo } from './keep-intents.ts';

/** What a browser's localStorage does, in two lines. */
function openStore() {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
    names: () => [...kept.keys()],
  };
}

const fresh = (sid: number, key: string, sinceMs = 0, maxPriceCents = 1000) => ({ sid, key, sinceMs, maxPriceCents });

t.test('the same intent has the same key, for every tab that shares the store', async (t) => {
  const store = openStore();
  const first = createIntents(store).begin('ann', fresh(7, 'k1', 1000));
  t.same(first, { intent: { sid: 7, key: 'k1', sinceMs: 1000, maxPriceCents: 1000 }, isNew: true });
  t.match(createIntents(store).begin('ann', fresh(7, 'k2', 2000, 2000)), {
    intent: { key: 'k1', maxPriceCents: 1000 },
    isNew: false,
  });
  t.match(createIntents(store).begin('bob', fresh(7, 'k3', 2000)), { isNew: true });
  t.match(createIntents(store).begin('ann', fresh(8, 'k4', 2000)), { isNew: true });
});

t.test('an end belongs to one key: a later intent stays', async (t) => {
  const intents = createIntents(openStore());
  intents.begin('ann', fresh(7, 'k1'));
  intents.end('ann', 7, 'another');
  t.ok(intents.read('ann', 7));
  intents.end('ann', 7, 'k1');
  t.equal(intents.read('ann', 7), null);
  intents.setOrder('ann', 7, 'k1', 'no');
  t.equal(intents.read('ann', 7), null, 'and nothing brings it back');
});

t.test('the end of an order ends the intent that it came from, and no later one', async (t) => {
  const intents = createIntents(openStore());
  intents.begin('ann', fresh(7, 'k1'));
  intents.endWithOrder('ann', 7, 'an older one');
  t.ok(intents.read('ann', 7), 'nobody knows yet what becomes of it');
  intents.setOrder('ann', 7, 'k1', 'no');
  intents.endWithOrder('ann', 7, 'an older one');
  t.ok(intents.read('ann', 7));
  intents.endWithOrder('ann', 7, 'no');
  t.equal(intents.read('ann', 7), null);
});

t.test('what was given up stays so until the next click, with its key and its price', async (t) => {
  const store = openStore();
  const intents = createIntents(store);
  intents.begin('ann', fresh(7, 'k1'));
  intents.giveUp('ann', 7, 'another');
  t.notOk(intents.read('ann', 7)?.isGivenUp);
  intents.giveUp('ann', 7, 'k1');
  t.match(createIntents(store).unfinished('ann', 1000), [{ key: 'k1', isGivenUp: true }]);
  const { intent, isNew } = createIntents(store).begin('ann', fresh(7, 'k2', 2000, 2000));
  t.same(intent, fresh(7, 'k1'));
  t.notOk(isNew);
  t.same(intents.read('ann', 7), fresh(7, 'k1'));
  intents.giveUp('ann', 7, 'k1');
  intents.setOrder('ann', 7, 'k1', 'no');
  t.same(intents.read('ann', 7), { ...fresh(7, 'k1'), orderNo: 'no' }, 'and until its order is known');
});

t.test('what was left two minutes ago is given up, unless it has an order', async (t) => {
  const intents = createIntents(openStore());
  intents.begin('ann', fresh(7, 'k1'));
  t.same(intents.unfinished('ann', 120_000), [fresh(7, 'k1')]);
  t.match(intents.unfinished('ann', 120_001), [{ key: 'k1', isGivenUp: true }]);
  intents.setOrder('ann', 7, 'k1', 'no');
  t.same(intents.unfinished('ann', 120_001), [{ ...fresh(7, 'k1'), orderNo: 'no' }]);
});

t.test('where an order is asked for is kept with its number', async (t) => {
  const intents = createIntents(openStore());
  intents.begin('ann', fresh(7, 'k1'));
  intents.setOrder('ann', 7, 'k1', 'no', '/api/v1/orders/no?maxPriceCents=1000');
  intents.setOrder('ann', 7, 'k1', 'no');
  t.match(intents.read('ann', 7), { orderNo: 'no', location: '/api/v1/orders/no?maxPriceCents=1000' });
  intents.setOrder('ann', 7, 'k1', 'other', null);
  t.same(intents.read('ann', 7)?.location, undefined);
});

t.test('what is unfinished is found; what is old and has no order is forgotten', async (t) => {
  const store = openStore();
  const intents = createIntents(store);
  intents.begin('ann', fresh(7, 'k1'));
  intents.begin('ann', fresh(8, 'k2'));
  intents.setOrder('ann', 8, 'k2', 'no');
  intents.begin('a.b', fresh(9, 'k3'));
  store.setItem('something else', '{}');
  t.same(
    intents.unfinished('ann', 1000).map(({ sid }) => sid),
    [7, 8],
  );
  t.same(
    intents.unfinished('ann', 3_600_000).map(({ sid }) => sid),
    [8],
  );
  t.equal(intents.read('ann', 7), null);
  t.ok(intents.read('a.b', 9));
});

t.test('what cannot be read is no intent', async (t) => {
  const store = openStore();
  store.setItem(intentName('ann', 7), 'not JSON');
  store.setItem(intentName('ann', 8), '{"key":1}');
  t.equal(createIntents(store).read('ann', 7), null);
  t.equal(createIntents(store).read('ann', 8), null);
  store.setItem(intentName('ann', 9), '{"key":"of the release before, without a price","sinceMs":0}');
  t.equal(createIntents(store).read('ann', 9), null);
  t.same(readIntentName(intentName('a.b', 7)), { sid: 7, buyer: 'a.b' });
  t.equal(readIntentName('flash-sale.buyer'), null);
  t.equal(readIntentName(null), null);
  t.equal(readOrderNo('{"key":"k","orderNo":"no"}'), 'no');
  for (const text of [null, 'not JSON', '{"key":"k"}', 'null']) t.equal(readOrderNo(text), undefined);
});
