import type { Page, Request } from 'playwright-core';
import t, { type Test } from 'tap';
import { createToken } from '../../testing/clients/create-token.ts';
import { openPage, startBrowser } from '../../testing/pages/browser.ts';
import { big, orderNoOf, saying } from '../../testing/pages/shop-card.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';
import { startTestWorker } from '../../testing/servers/start-test-system.ts';

// One buyer with several independent devices, and a shop that is too busy.

const shop = await startTestShop(t, { BUYER_BURST: '10' });
const { url, servers, putOnSale } = shop;
const browser = await startBrowser(t);

/** Opens a page as another device of this buyer. */
async function openDevice(t: Test, buyer: string): Promise<Page> {
  const { page } = await openPage(t, browser);
  const user = JSON.stringify({ token: createToken(buyer), buyer, expiresAtMs: Date.now() + 600_000 });
  await page.addInitScript(`localStorage.setItem('flash-sale.buyer', ${JSON.stringify(user)})`);
  return page;
}

t.test('a request that was refused as busy is repeated as a first request', async (t) => {
  const sid = await putOnSale({ name: 'A tray' });
  const page = await openDevice(t, 'bob');
  await page.goto(url);
  await saying(page, sid, 'Buy');
  const busy = { type: '/docs/problems#busy', title: '', status: 503, code: 'busy' };
  const sent: Request[] = [];
  await page.route(`**/stocks/${sid}/orders`, (route, request) => {
    sent.push(request);
    if (sent.length === 1) return route.fulfill({ status: 503, json: busy, headers: { 'retry-after': '1' } });
    return sent.length === 2 ? route.abort() : route.continue();
  });
  await big(page, sid).click();
  await saying(page, sid, 'It’s yours');
  const headers = sent.map((request) => request.headers());
  t.equal(new Set(headers.map((header) => header['idempotency-key'])).size, 1, 'one intent');
  t.same(
    headers.map((header) => header['idempotency-attempt']),
    ['1', '1', '2'],
    'a request that may have arrived is repeated with a higher attempt; a refused one is not',
  );
});

t.test('three devices in line show the same order in the end', async (t) => {
  const sid = await putOnSale({ name: 'A tea pot' });
  const devices = [await openDevice(t, 'ann'), await openDevice(t, 'ann'), await openDevice(t, 'ann')];
  // This device has no streams and polls.
  await devices[2]?.route('**/events', (route) => route.abort());
  await shop.worker.close();
  for (const page of devices) {
    await page.goto(url);
    await saying(page, sid, 'Buy');
    await big(page, sid).click();
    await saying(page, sid, 'You’re in line…');
  }
  await startTestWorker(t, servers);
  await Promise.all(devices.map((page) => saying(page, sid, 'It’s yours')));
  const orderNos = await Promise.all(devices.map((page) => orderNoOf(page, sid)));
  t.equal(new Set(orderNos).size, 1, `${orderNos}`);
  const rows = await servers.mysql('stock_order').where({ sid }).select('order_no', 'state');
  t.same(rows.map(({ state }: { state: string }) => state).sort(), ['awaiting_payment', 'duplicate', 'duplicate']);
});
