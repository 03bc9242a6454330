import type { Page } from 'playwright-core';
import t from 'tap';
import { findBarriers, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { big, card, saying } from '../../testing/pages/shop-card.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// The storefront on a short phone, in the system's colours, while the API is down, and without scripts.

const SHORT = { width: 360, height: 640 };

const { url, putOnSale } = await startTestShop(t);
const browser = await startBrowser(t);

const indexOf = (page: Page, sid: number): Promise<number> =>
  page.locator('.card').evaluateAll((cards, id) => cards.findIndex((card) => card.id === id), `stock-${sid}`);

t.test('the page shows a countdown of days and new offers, and a warning while the API is down', async (t) => {
  const later = await putOnSale({ name: 'Canvas bag', count: 5, opensAtMs: Date.now() + 2 * 86_400_000 + 30_000 });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, later, /Opens in 2d 00:00:\d\d/);
  await page.getByText('Next: Canvas bag in 2d').waitFor();
  const sid = await putOnSale({ name: 'Wool hat', count: 3 });
  await page.getByRole('status').filter({ hasText: 'New offer: Wool hat' }).waitFor();
  t.ok((await indexOf(page, sid)) < (await indexOf(page, later)), 'open stocks come before upcoming ones');
  t.same([...(await findBarriers(page)), ...complaints()], []);
  await keepPicture(page, 'new-offer');

  // The API is down from the start.
  const { page: other } = await openPage(t, browser);
  await other.route('**/api/v1/**', (route) => route.abort());
  await other.goto(url);
  await other.getByText('We can’t reach the shop').waitFor();
  t.equal(await other.getByText('No upcoming sales').count(), 0);
  await other.getByRole('link', { name: 'My orders' }).click();
  t.equal(await other.getByText('No orders yet').count(), 0);
  t.ok(await other.getByText('We can’t reach the shop').isVisible(), 'the warning stays');
  await keepPicture(other, 'api-down');
});

t.test('without scripts a visible text says that JavaScript is needed', async (t) => {
  const { page } = await openPage(t, browser, { javaScriptEnabled: false, viewport: SHORT });
  await page.goto(url);
  const box = await page.locator('.no-script').boundingBox();
  t.ok(box && box.y + box.height <= SHORT.height);
  await keepPicture(page, 'no-script');
});

const looks = [
  { name: 'phone-short', viewport: SHORT },
  { name: 'phone-short-forced-chinese', viewport: SHORT, forcedColors: 'active', colorScheme: 'dark', locale: 'zh-CN' },
  { name: 'desktop-forced', forcedColors: 'active' },
] as const;

for (const { name, ...options } of looks) {
  t.test(`${name}: the button is visible, and the page is accessible`, async (t) => {
    const sid = await putOnSale({ name: 'A reading lamp of brass for two', count: 20, priceCents: 128_800 });
    const { page, complaints } = await openPage(t, browser, { ...options, reducedMotion: 'reduce' });
    await page.goto(url);
    const isChinese = 'locale' in options;
    await saying(page, sid, isChinese ? '立即抢购' : 'Buy for');
    if ('viewport' in options) {
      await keepPicture(page, `shop-${name}`);
      const button = await page.locator('.card .big').first().boundingBox();
      t.ok(button && button.y + button.height <= SHORT.height, 'above the fold');
    }
    await big(page, sid).click();
    await saying(page, sid, isChinese ? '抢到了' : 'It’s yours');
    await card(page, sid).scrollIntoViewIfNeeded();
    t.same([...(await findBarriers(page)), ...complaints()], []);
    await keepPicture(page, `have-${name}`);
    await page.getByRole('link', { name: isChinese ? '我的订单' : 'My orders' }).click();
    await page.locator('[data-order]').first().waitFor();
    await keepPicture(page, `orders-${name}`);
  });
}
