import type { Request } from 'playwright-core';
import t from 'tap';
import { findBarriers, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { big, card, orderNoOf, saying, tokenOf } from '../../testing/pages/shop-card.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// A click accepts the price on its button, and nothing is sent without a click.

const shop = await startTestShop(t, { BUYER_BURST: '10' });
const { url, servers, putOnSale } = shop;
const browser = await startBrowser(t);

const price = (amount: number) => ({ amount, currency: 'CNY' });
const keyOf = (request: Request) => request.headers()['idempotency-key'];

t.test(
  'no request accepts a higher price than the clicked button showed, and the next click is another order',
  async (t) => {
    const sid = await putOnSale({ name: 'A scarf', priceCents: 1000 });
    const { page } = await openPage(t, browser);
    await page.goto(url);
    await saying(page, sid, 'Buy for CN¥10.00');
    const sent: Request[] = [];
    const limited = { type: '/docs/problems#too_many_requests', title: '', status: 429, code: 'too_many_requests' };
    await page.route(`**/stocks/${sid}/orders`, async (route, request) => {
      sent.push(request);
      if (sent.length > 1) return route.continue();
      await servers.mysql('stock').where({ id: sid }).update({ price_cents: 2000 });
      // Longer than the interval of the list.
      return route.fulfill({ status: 429, json: limited, headers: { 'retry-after': '8' } });
    });
    await big(page, sid).click();
    await card(page, sid).locator('.price').filter({ hasText: 'CN¥20.00' }).waitFor();
    await card(page, sid).getByText('The price is now CN¥20.00. Nothing was ordered').waitFor();
    t.same(await findBarriers(page), []);
    t.same(
      sent.map((request) => request.postDataJSON()),
      [{ maxPrice: price(1000) }, { maxPrice: price(1000) }],
    );
    t.same(
      sent.map((request) => request.headers()['cache-control']),
      [undefined, undefined],
    );

    await saying(page, sid, 'Buy for CN¥20.00');
    await big(page, sid).click();
    await saying(page, sid, 'It’s yours');
    t.same(sent[2]?.postDataJSON(), { maxPrice: price(2000) });
    t.equal(new Set(sent.map(keyOf)).size, 2);
    t.equal(keyOf(sent[0] as Request), keyOf(sent[1] as Request));
  },
);

t.test('after a reload the order of a given-up intent is looked for, and nothing is sent', async (t) => {
  const sid = await putOnSale({ name: 'A glove' });
  const { page } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  const sent: Request[] = [];
  const paused = { type: '/docs/problems#paused', title: '', status: 409, code: 'paused' };
  await page.route(`**/stocks/${sid}/orders`, (route, request) => {
    sent.push(request);
    return sent.length === 1 ? route.abort() : route.fulfill({ status: 409, json: paused });
  });
  await big(page, sid).click();
  await saying(page, sid, 'Try again');
  t.equal(sent.length, 2);

  const ordersRead = () => page.waitForResponse((response) => response.url().endsWith(`/orders?sid=${sid}`));
  await Promise.all([ordersRead(), page.reload()]);
  await saying(page, sid, 'Try again');
  t.equal(sent.length, 2, 'nothing was sent');

  // The request whose answer was lost arrives late.
  const token = await tokenOf(page);
  const [first] = sent as [Request];
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': String(keyOf(first)),
  };
  const late = await fetch(first.url(), { method: 'POST', headers, body: first.postData() });
  t.equal(late.status, 201);
  await Promise.all([ordersRead(), page.reload()]);
  await saying(page, sid, 'It’s yours');
  t.equal(await orderNoOf(page, sid), ((await late.json()) as { orderNo: string }).orderNo);
  t.equal(sent.length, 2, 'nothing was sent');
});

t.test('an order in line is polled and streamed', async (t) => {
  const sid = await putOnSale({ name: 'A belt' });
  const { page } = await openPage(t, browser);
  const requested: URL[] = [];
  page.on('request', (request) => {
    const address = new URL(request.url());
    if (address.pathname.startsWith(`/api/v1/orders/${sid}-`)) requested.push(address);
  });
  await page.goto(url);
  await saying(page, sid, 'Buy');
  await shop.worker.close();
  const listens = () => page.waitForRequest((request) => /\/orders\/[^/]+\/events/.test(request.url()));
  await Promise.all([listens(), big(page, sid).click()]);
  await saying(page, sid, 'You’re in line…');
  await Promise.all([listens(), page.reload()]);
  await saying(page, sid, 'You’re in line…');
  t.ok(requested.some(({ pathname }) => pathname.endsWith('/events')));
  t.ok(requested.some(({ pathname }) => !pathname.endsWith('/events')));
});
