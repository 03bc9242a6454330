import t, { type Test } from 'tap';
import { createToken } from '../../testing/clients/create-token.ts';
import { findBarriers, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { big, saying } from '../../testing/pages/shop-card.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// The oldest supported browsers (docs/browsers.md), and browsers that store nothing.

const { url, putOnSale } = await startTestShop(t);
const browser = await startBrowser(t);

// Removes functions that came after Safari 16.4, Chrome 111 and Firefox 114.
const REMOVE_NEWER = `
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

/** A purchase from the first visit to the order. */
async function buys(t: Test, init: string): Promise<{ warnings: number; buyer: string }> {
  const sid = await putOnSale({ name: 'A lamp' });
  const { page, complaints } = await openPage(t, browser);
  await page.addInitScript(init);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  await big(page, sid).click();
  await saying(page, sid, 'It’s yours');
  t.same(complaints(), []);
  t.same(await findBarriers(page), []);
  const warnings = await page.getByText('Your browser isn’t saving data').count();
  if (warnings > 0) await keepPicture(page, 'nothing-kept');
  return { warnings, buyer: (await page.locator('.account').textContent()) ?? '' };
}

t.test('the pages work without functions that the oldest browsers lack', async (t) => {
  t.match(await buys(t, REMOVE_NEWER), { warnings: 0 });
  const { page, complaints } = await openPage(t, browser);
  await page.addInitScript(REMOVE_NEWER);
  await page.goto(`${url}/console`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  t.same(complaints(), []);
  const styles = await page.evaluate(
    'Promise.all([...document.styleSheets].map(async ({ href }) => (await fetch(href)).text()))',
  );
  t.notMatch(String(styles), /light-dark\(/);
});

t.test('if the browser stores nothing, the page works and shows a warning', async (t) => {
  const store = (text: string) => `Object.defineProperty(globalThis, 'localStorage', ${text});`;
  const full = `Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };`;
  const blocked = store(`{ get() { throw new DOMException('', 'SecurityError'); } }`);
  for (const init of [blocked, store('{ value: null }'), full]) t.match(await buys(t, init), { warnings: 1 });
});

t.test('a stored token is sent even if it seems expired', async (t) => {
  const user = JSON.stringify({ token: createToken('kay'), buyer: 'kay', expiresAtMs: 1 });
  t.match(await buys(t, `localStorage.setItem('flash-sale.buyer', ${JSON.stringify(user)})`), { buyer: 'Buyer: kay' });
});
