import t from 'tap';
import { findBarriers, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { big, card, saying } from '../../testing/pages/shop-card.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// The page prepares the buyer's admission before the opening, in a worker, under the page's own policy.

const { url, putOnSale } = await startTestShop(t, {
  ADMISSION: 'proof',
  ADMISSION_KEY: 'Yt5gH2jU9kI4lO7pQ1wE8rS3dF6vC0xZ',
  ADMISSION_WORK: '200',
  ADMISSION_LEAD: '3600',
});
const browser = await startBrowser(t);

t.test('a buyer waits, is admitted and buys, also after a reload', async (t) => {
  const opensAtMs = Date.now() + 25_000;
  const sid = await putOnSale({ name: 'A lamp', opensAtMs });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  const note = (text: string) => card(page, sid).getByText(text).waitFor();
  await note('Your place at the start is ready.');
  t.same(await findBarriers(page), []);
  // The token is kept: nothing is solved again.
  await page.route('**/admission', (route) => route.abort());
  await page.reload();
  await note('Your place at the start is ready.');
  await page.getByRole('button', { name: '简体中文' }).or(page.getByLabel('简体中文')).first().click();
  await note('您的开抢资格已就绪。');
  t.same(await findBarriers(page), []);
  await page.getByRole('button', { name: 'English' }).or(page.getByLabel('English')).first().click();
  await big(page, sid).filter({ hasText: 'Buy for' }).waitFor({ timeout: 60_000 });
  await big(page, sid).click();
  await saying(page, sid, 'It’s yours');
  t.same(complaints(), []);
});

t.test('a device that cannot solve it is told so, and the order of a click without a token is refused', async (t) => {
  const sid = await putOnSale({ name: 'A vase' });
  const { page } = await openPage(t, browser);
  await page.addInitScript(() => {
    Object.assign(globalThis, { Worker: undefined });
  });
  await page.goto(url);
  await card(page, sid).getByText('This device can’t prepare your place').waitFor();
  t.same(await findBarriers(page), []);
  await big(page, sid).click();
  await card(page, sid)
    .getByText(/can’t prepare your place|wasn’t ready/)
    .waitFor();
  t.equal(await card(page, sid).locator('[data-order]').count(), 0);
});
