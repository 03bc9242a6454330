import t from 'tap';
import { intentName, openIntents, readIntentName, readOrderNo } from './keep-intents.ts';

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

t.test('the same intent has the same key, for every tab that shares the store', async (t) => {
  const store = openStore();
  const first = openIntents(store).begin('ann', 7, 1000, () => 'k1');
  t.same(first, { intent: { sid: 7, key: 'k1', sinceMs: 1000 }, isNew: true });
  t.match(
    openIntents(store).begin('ann', 7, 2000, () => 'k2'),
    { intent: { key: 'k1' }, isNew: false },
  );
  t.match(
    openIntents(store).begin('bob', 7, 2000, () => 'k3'),
    { isNew: true },
  );
  t.match(
    openIntents(store).begin('ann', 8, 2000, () => 'k4'),
    { isNew: true },
  );
});

t.test('an end belongs to one key: a later intent stays', async (t) => {
  const intents = openIntents(openStore());
  intents.begin('ann', 7, 0, () => 'k1');
  intents.end('ann', 7, 'another');
  t.ok(intents.read('ann', 7));
  intents.end('ann', 7, 'k1');
  t.equal(intents.read('ann', 7), null);
  intents.setOrder('ann', 7, 'k1', 'no');
  t.equal(intents.read('ann', 7), null, 'and nothing brings it back');
});

t.test('the end of an order ends the intent that it came from, and no later one', async (t) => {
  const intents = openIntents(openStore());
  intents.begin('ann', 7, 0, () => 'k1');
  intents.endWithOrder('ann', 7, 'an older one');
  t.ok(intents.read('ann', 7), 'nobody knows yet what becomes of it');
  intents.setOrder('ann', 7, 'k1', 'no');
  intents.endWithOrder('ann', 7, 'an older one');
  t.ok(intents.read('ann', 7));
  intents.endWithOrder('ann', 7, 'no');
  t.equal(intents.read('ann', 7), null);
});

t.test('what is unfinished is found; what is old and has no order is forgotten', async (t) => {
  const store = openStore();
  const intents = openIntents(store);
  intents.begin('ann', 7, 0, () => 'k1');
  intents.begin('ann', 8, 0, () => 'k2');
  intents.setOrder('ann', 8, 'k2', 'no');
  intents.begin('a.b', 9, 0, () => 'k3');
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
  t.equal(openIntents(store).read('ann', 7), null);
  t.equal(openIntents(store).read('ann', 8), null);
  t.same(readIntentName(intentName('a.b', 7)), { sid: 7, buyer: 'a.b' });
  t.equal(readIntentName('flash-sale.buyer'), null);
  t.equal(readIntentName(null), null);
  t.equal(readOrderNo('{"key":"k","orderNo":"no"}'), 'no');
  for (const text of [null, 'not JSON', '{"key":"k"}', 'null']) t.equal(readOrderNo(text), undefined);
});
