import type { Page } from 'playwright-core';
import t from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { callApi } from '../../testing/clients/call-api.ts';
import { openPage, startBrowser } from '../../testing/pages/browser.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// Several sales and several windows: which sale is shown, and which window reads the live figures.

const { url, putOnSale } = await startTestShop(t);
const browser = await startBrowser(t);

const choice = (page: Page) => page.getByLabel('Stock', { exact: true });
const shown = (page: Page) => choice(page).locator('option:checked');

/** Resolves when the page has read the list of stocks again. */
async function readList(page: Page): Promise<void> {
  await page.waitForResponse((response) => response.url().includes('/admin/stocks?'));
}

async function sell(sid: number, buyers: number): Promise<void> {
  for (let i = 0; i < buyers; i += 1) {
    await callApi(url, `/api/v1/stocks/${sid}/orders`, { as: `windows-${sid}-${i}`, body: {} });
  }
}

t.test('the live figures follow the sale with traffic, unless a stock is chosen', async (t) => {
  const lamp = await putOnSale({ name: 'A lamp', count: 50 });
  const tea = await putOnSale({ name: 'A tea set', count: 60 });
  const { page } = await openPage(t, browser);
  await page.goto(`${url}/console#live`);
  await page.locator('.figure.is-left', { hasText: /of [56]0/ }).waitFor();
  await sell(lamp, 3);
  await page.locator('.figure.is-left', { hasText: 'of 50' }).waitFor();
  t.equal(await shown(page).textContent(), `Automatic: ${lamp} · A lamp`);
  // A separate read of the list, so that the other sale has more traffic than the lamp.
  await readList(page);
  await sell(tea, 3);
  await page.locator('.figure.is-left', { hasText: 'of 60' }).waitFor();

  await choice(page).selectOption(String(lamp));
  await page.locator('.figure.is-left', { hasText: 'of 50' }).waitFor();
  await callApi(url, `/api/v1/stocks/${tea}/orders`, { as: `windows-${tea}-late`, body: {} });
  // After two reads of the list, at least one contains the traffic of the other sale.
  for (let i = 0; i < 2; i += 1) await readList(page);
  t.equal(await shown(page).textContent(), `${lamp} · A lamp`);
  await choice(page).selectOption('follow');
  await readList(page);
  await sell(tea, 8);
  await page.locator('.figure.is-left', { hasText: 'of 60' }).waitFor();
});

t.test('a chosen stock stays chosen, and its orders appear as they arrive', async (t) => {
  const table = await putOnSale({ name: 'A table', count: 20 });
  const chair = await putOnSale({ name: 'A chair', count: 30 });
  const { page } = await openPage(t, browser);
  await page.goto(`${url}/console#stocks`);
  await page.getByRole('button', { name: `${table} A table` }).click();
  await page.getByText('No orders yet.').waitFor();
  await sell(chair, 5);
  await sell(table, 2);
  await page.locator('.orders tbody tr').nth(1).waitFor();
  await page.getByRole('region', { name: /A table/ }).waitFor();
});

t.test('one stream serves all windows, and the next window reads it when the first is closed', async (t) => {
  const { page } = await openPage(t, browser);
  const context = page.context();
  const reads: Page[] = [];
  context.on('request', (request) => {
    if (/\/(events|live)$/.test(new URL(request.url()).pathname)) reads.push(request.frame().page());
  });
  await page.goto(`${url}/console`);
  await page.locator('.link.is-live').waitFor();
  const others = [await context.newPage(), await context.newPage()];
  for (const other of others) {
    await other.goto(`${url}/console`);
    await other.locator('.link.is-live').waitFor();
  }
  t.same(reads, [page]);
  await page.close();
  await waitUntil(
    'another window to read',
    () => {
      if (reads.length < 2) throw new Error('none');
    },
    { limitMs: 10_000 },
  );
  t.equal(reads.length, 2);
  t.ok(others.includes(reads[1] as Page));
  for (const other of others) await other.locator('.link.is-live').waitFor();
});
