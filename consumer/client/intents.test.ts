import t from 'tap';
import { createIntents, intentName, parseIntent, readIntentName } from './intents.ts';

/** A minimal localStorage. */
function openStore() {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

const body = { maxPrice: { amount: 1000, currency: 'EUR' } };
const intent = (key: string, sinceMs = 0) => ({ key, sinceMs, body });
const at = (nowMs: number, store = openStore()) => createIntents(store, () => nowMs);

t.test('all tabs that share the store find the intent of a buyer and a stock', async (t) => {
  const store = openStore();
  at(0, store).write('ann', '7', intent('k1'));
  t.same(at(0, store).read('ann', '7'), intent('k1'));
  t.equal(at(0, store).read('bob', '7'), null);
  t.equal(at(0, store).read('ann', '8'), null);
});

t.test('ending an intent by its key does not end a later one', async (t) => {
  const intents = at(0);
  intents.write('ann', '7', intent('k1'));
  intents.end('ann', '7', { key: 'another' });
  t.ok(intents.read('ann', '7'));
  intents.end('ann', '7', { key: 'k1' });
  t.equal(intents.read('ann', '7'), null);
  intents.update('ann', '7', 'k1', { orderNo: 'no' });
  t.equal(intents.read('ann', '7'), null, 'an ended intent cannot get an order');
});

t.test('the end of an order ends its own intent and no later one', async (t) => {
  const intents = at(0);
  intents.write('ann', '7', intent('k1'));
  intents.end('ann', '7', { orderNo: 'an older order' });
  t.ok(intents.read('ann', '7'), 'the outcome is not known yet');
  intents.update('ann', '7', 'k1', { orderNo: 'no' });
  intents.end('ann', '7', { orderNo: 'an older order' });
  t.ok(intents.read('ann', '7'));
  intents.end('ann', '7', { orderNo: 'no' });
  t.equal(intents.read('ann', '7'), null);
});

t.test('an intent that was given up keeps its key and body until its order is known', async (t) => {
  const intents = at(0);
  intents.write('ann', '7', intent('k1'));
  intents.update('ann', '7', 'another', { isGivenUp: true });
  t.notOk(intents.read('ann', '7')?.isGivenUp);
  intents.update('ann', '7', 'k1', { isGivenUp: true });
  t.match(intents.read('ann', '7'), { key: 'k1', body, isGivenUp: true });
  intents.update('ann', '7', 'k1', { orderNo: 'no' });
  t.same(intents.read('ann', '7'), { ...intent('k1'), orderNo: 'no' });
});

t.test('without an order an intent is given up after two minutes, and forgotten after ten', async (t) => {
  const store = openStore();
  at(0, store).write('ann', '7', intent('k1'));
  at(0, store).write('ann', '8', intent('k2'));
  at(0, store).update('ann', '8', 'k2', { orderNo: 'no' });
  t.same(at(120_000, store).read('ann', '7'), intent('k1'));
  t.match(at(120_001, store).read('ann', '7'), { key: 'k1', isGivenUp: true });
  t.equal(at(600_001, store).read('ann', '7'), null);
  t.equal(store.getItem(intentName('ann', '7')), null);
  t.match(at(3_600_000, store).read('ann', '8'), { orderNo: 'no' });
});

t.test('an entry that is unreadable, or of an earlier release, is no intent', async (t) => {
  for (const text of [null, 'not JSON', 'null', '{"key":1}', '{"key":"k","sinceMs":0,"maxPriceCents":1}'])
    t.equal(parseIntent(text), null);
  t.same(readIntentName(intentName('a.b', '7')), { sid: '7', buyer: 'a.b' });
  t.equal(readIntentName('flash-sale.buyer'), null);
  t.equal(readIntentName(null), null);
});

t.test('what the browser refuses to store is kept in memory', async (t) => {
  const full = {
    getItem: () => null,
    setItem() {
      throw new Error('the quota is exceeded');
    },
    removeItem() {},
  };
  for (const store of [full, undefined]) {
    const intents = createIntents(store, () => 0);
    intents.write('ann', '7', intent('k1'));
    t.same(intents.read('ann', '7'), intent('k1'));
    intents.end('ann', '7', { key: 'k1' });
    t.equal(intents.read('ann', '7'), null);
  }
});
