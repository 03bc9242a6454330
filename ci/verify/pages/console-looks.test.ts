import type { Page } from 'playwright-core';
import t from 'tap';
import { callApi } from '../../testing/clients/call-api.ts';
import { createToken } from '../../testing/clients/create-token.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { checkPage, keepPicture, openPage, readMeasured, startBrowser } from '../../testing/pages/browser.ts';
import { playLiveFigures } from '../../testing/pages/play-live-figures.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// The console in two languages, on a phone, in dark mode and without a token, and the cost of opening it.

const MAX_BYTES = 100_000;
/** Half of what counts as good (Cumulative Layout Shift of 0.1, web.dev/cls). */
const MAX_SHIFT = 0.05;
const VIEWS = ['sale', 'trace', 'stocks', 'actions', 'live', 'arena'] as const;

const { url, servers } = await startTestShop(t);
const browser = await startBrowser(t);
const sid = await createTestStock(servers.mysql, { name: 'A lamp with a rather long name, brass and silk', count: 40 });
await callApi(url, `/api/v1/admin/stocks/${sid}`, {
  as: 'admin',
  method: 'PATCH',
  body: { price: { amount: 1999, currency: 'CNY' } },
});
for (let i = 0; i < 12; i += 1) await callApi(url, `/api/v1/stocks/${sid}/orders`, { as: `looks-${i}`, body: {} });

async function openView(page: Page, view: string): Promise<void> {
  const link = page.locator(`nav a[href="#${view}"]`).first();
  await link.click();
  await link.and(page.locator('[aria-current=page]')).waitFor();
  if (view === 'sale') await page.locator('.slowest').waitFor();
  if (view === 'arena') await page.locator('.strategies input').first().waitFor();
  if (view === 'actions') await page.locator('.action-log tbody .mono').first().waitFor();
  if (view === 'stocks') await page.locator('.orders tbody a').first().waitFor();
}

t.test('every view on a phone, in dark mode and in Chinese', async (t) => {
  const looks = [
    { name: 'phone', phone: true },
    { name: 'dark', colorScheme: 'dark' as const },
    { name: 'zh', locale: 'zh-CN', phone: true, colorScheme: 'dark' as const },
  ];
  for (const { name, ...look } of looks) {
    const figures = await playLiveFigures(t);
    const { page, complaints } = await openPage(t, browser, look);
    await figures.serve(page);
    await page.goto(`${url}/console#live`);
    await page.locator('.link.is-live').waitFor();
    for (const status of [201, 201, 410, 429, 202]) figures.answered(status);
    await page.locator('.figure.is-confirmed span', { hasText: '2' }).waitFor();
    for (const view of VIEWS) {
      await openView(page, view);
      await checkPage(t, page, [], `${view} ${name}`);
      await keepPicture(page, `console-${view}-${name}`, true);
    }
    t.same(complaints(), [], name);
  }
});

t.test('the chosen language is stored and set on the document', async (t) => {
  const { page } = await openPage(t, browser);
  await page.goto(`${url}/console`);
  await page.getByRole('link', { name: 'Stocks' }).waitFor();
  await page.getByLabel('Language').selectOption('zh-CN');
  await page.getByRole('link', { name: '商品', exact: true }).waitFor();
  t.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await page.reload();
  await page.getByRole('link', { name: '商品', exact: true }).waitFor();
  t.equal(await page.title(), '控制台 – 限时抢购');
});

t.test('the console opens with few bytes, and nothing shifts', async (t) => {
  const figures = await playLiveFigures(t);
  const { page, receivedBytes } = await openPage(t, browser);
  await figures.serve(page);
  await page.goto(`${url}/console`);
  await page.locator('.link.is-live').waitFor();
  await page.locator('.slowest').waitFor();
  const { shift } = await readMeasured(page);
  t.ok(shift < MAX_SHIFT, `shifted by ${shift}`);
  t.ok(receivedBytes() < MAX_BYTES, `${receivedBytes()} bytes`);
});

t.test('everything is reachable by keyboard', async (t) => {
  const { page } = await openPage(t, browser);
  await page.goto(`${url}/console#stocks`);
  await page.getByRole('button', { name: `${sid} A lamp` }).waitFor();
  await page.getByRole('link', { name: 'Actions' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Figures' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('nav a[href="#arena"][aria-current=page]').waitFor();
  const first = page.locator('.strategies input').first();
  await first.focus();
  await page.keyboard.press('Space');
  t.notOk(await first.isChecked());
});

t.test('without demo tokens a token is pasted; an insufficient one is rejected', async (t) => {
  const { page, complaints } = await openPage(t, browser);
  await page.route('**/api/v1/demo/tokens', (route) =>
    route.fulfill({ status: 404, json: { code: 'not_found', status: 404, title: '', detail: '' } }),
  );
  await page.goto(`${url}/console`);
  await page.getByText('This shop has no demo tokens').waitFor();
  await checkPage(t, page, [], 'gate');
  await keepPicture(page, 'console-gate');
  const use = page.getByRole('button', { name: 'Use this token' });
  await page.getByRole('textbox', { name: 'Token' }).fill('nonsense');
  await use.click();
  await page.getByText('This is not a valid token.').waitFor();
  await page.getByRole('textbox', { name: 'Token' }).fill(createToken('ann'));
  await use.click();
  await page.getByText('does not have the role admin').waitFor();
  await page.getByRole('textbox', { name: 'Token' }).fill(createToken('boss', { roles: ['admin'] }));
  await use.click();
  await page.getByRole('link', { name: 'System' }).click();
  await page.getByRole('link', { name: 'Arena' }).click();
  await page.locator('.strategies input').first().waitFor();
  t.equal(await page.locator('.user-name').textContent(), 'boss');
  t.same(complaints(/40[134]/), []);
});

t.test('names of maximum length do not break the layout', async (t) => {
  const long = await createTestStock(servers.mysql, { name: 'W'.repeat(100), count: 5 });
  await callApi(url, `/api/v1/stocks/${long}/orders`, { as: 'b'.repeat(64), body: {} });
  for (const phone of [false, true]) {
    const { page } = await openPage(t, browser, { phone });
    await page.goto(`${url}/console#stocks`);
    await page.getByRole('button', { name: 'WWW' }).click();
    await page.locator('.orders td.name', { hasText: 'bbb' }).waitFor();
    await checkPage(t, page, [], 'long names');
    const spills = await page.evaluate(
      `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('table.stocks').parentElement)`,
    );
    t.equal(spills, 0, 'all columns of the list are visible');
    await keepPicture(page, `console-long-names-${phone ? 'phone' : 'desktop'}`, true);
  }
});
