import t, { type Test } from 'tap';
import { createToken } from '../../testing/clients/create-token.ts';
import { findBarriers, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { big, saying } from '../../testing/pages/shop-card.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// The oldest browsers that the pages are for (docs/browsers.md), and those that keep nothing.

const { url, putOnSale } = await startTestShop(t);
const browser = await startBrowser(t);

// What came after Safari 16.4, Chrome 111 and Firefox 114.
const TAKE_AWAY = `
  const later = [
    [Promise, 'withResolvers try'],
    [Map, 'groupBy'],
    [Object, 'groupBy'],
    [Array, 'fromAsync'],
    [AbortSignal, 'any'],
    [URL, 'parse canParse'],
    [Set.prototype, 'union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom'],
    [Object.getPrototypeOf(Object.getPrototypeOf([].values())), 'map filter take drop flatMap reduce toArray forEach some every find'],
  ];
  for (const [owner, names] of later) if (owner) for (const name of names.split(' ')) delete owner[name];
`;

/** A purchase from the first look to the order. */
async function buys(t: Test, init: string): Promise<{ notKept: number; buyer: string }> {
  const sid = await putOnSale({ name: 'A lamp' });
  const { page, complaints } = await openPage(t, browser);
  await page.addInitScript(init);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  await big(page, sid).click();
  await saying(page, sid, 'You have it');
  t.same(complaints(), []);
  t.same(await findBarriers(page), []);
  const notKept = await page.getByText('This browser stores nothing').count();
  if (notKept > 0) await keepPicture(page, 'nothing-kept');
  return { notKept, buyer: (await page.locator('.who').textContent()) ?? '' };
}

t.test('functions that the oldest browsers lack are not needed', async (t) => {
  t.match(await buys(t, TAKE_AWAY), { notKept: 0 });
  const { page, complaints } = await openPage(t, browser);
  await page.addInitScript(TAKE_AWAY);
  await page.goto(`${url}/console`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  t.same(complaints(), []);
  const styles = await page.evaluate(
    'Promise.all([...document.styleSheets].map(async ({ href }) => (await fetch(href)).text()))',
  );
  t.notMatch(String(styles), /light-dark\(/);
});

t.test('where the browser keeps nothing, the page goes on and says so', async (t) => {
  const store = (text: string) => `Object.defineProperty(globalThis, 'localStorage', ${text});`;
  const full = `Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };`;
  const blocked = store(`{ get() { throw new DOMException('', 'SecurityError'); } }`);
  for (const init of [blocked, store('{ value: null }'), full]) t.match(await buys(t, init), { notKept: 1 });
});

t.test('a token is tried, whatever this device believes of its end', async (t) => {
  const one = JSON.stringify({ token: createToken('kay'), buyer: 'kay', expiresAtMs: 1 });
  t.match(await buys(t, `localStorage.setItem('flash-sale.buyer', ${JSON.stringify(one)})`), { buyer: 'You: kay' });
});
