import type { Locator, Request } from 'playwright-core';
import t from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { callApi } from '../../testing/clients/call-api.ts';
import { createToken } from '../../testing/clients/create-token.ts';
import { checkPage, findBarriers, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { big, card, orderNoOf, saying, tokenOf } from '../../testing/pages/shop-card.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';
import { startTestConsumer, startTestWorker } from '../../testing/servers/start-test-system.ts';

// Purchases in a real browser against real servers, from the click to the row.

const shop = await startTestShop(t, { BUYER_BURST: '3', BUYER_RATE: '1', SANDBOX_WEBHOOK_DELAY_MS: '300' });
const { url, servers, putOnSale } = shop;
const browser = await startBrowser(t);

const textOf = async (element: Locator) => (await element.textContent()) ?? '';
const isOrder = (request: Request) => request.method() === 'POST' && request.url().endsWith('/orders');
const orderCalls = (sid: number) => new RegExp(`/stocks/${sid}/orders$`);

async function rowsOf(sid: number): Promise<{ order_no: string; state: string; buyer: string }[]> {
  return servers
    .mysql('stock_order')
    .where({ sid })
    .whereNotIn('state', ['duplicate', 'sold_out'])
    .select('order_no', 'state', 'buyer');
}

t.test('from the click to the paid order', async (t) => {
  const sid = await putOnSale({ name: 'A lamp' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy for CN¥19.99');
  await checkPage(t, page, complaints());
  // The button changes before any answer can arrive.
  await big(page, sid).dispatchEvent('click');
  t.match(await textOf(big(page, sid)), /Placing your order|It’s yours/);
  await saying(page, sid, 'It’s yours – pay now');
  await card(page, sid)
    .getByText(/Pay within 1[45]:\d\d/)
    .waitFor();
  t.match(await textOf(page.locator('p[role=status].hidden-text')), 'A lamp is yours.');
  const orderNo = await orderNoOf(page, sid);
  t.match(await rowsOf(sid), [{ order_no: orderNo ?? '', state: 'awaiting_payment' }]);
  await checkPage(t, page, complaints());
  await keepPicture(page, 'have');

  await big(page, sid).click();
  await page.getByRole('button', { name: 'Decline' }).click();
  // Shown at once, without a wait for the webhook.
  await card(page, sid).getByText('Your payment was declined').waitFor();
  t.match(await textOf(big(page, sid)), 'It’s yours – pay now');
  await page.locator('p[role=status].hidden-text', { hasText: 'Your payment for A lamp was declined.' }).waitFor();
  await big(page, sid).click();
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await saying(page, sid, 'Paid – it’s yours');
  t.equal(await orderNoOf(page, sid), orderNo);
  t.equal(new URL(page.url()).search, '');
  t.match(await rowsOf(sid), [{ state: 'paid' }]);
  await checkPage(t, page, complaints());
  await keepPicture(page, 'paid');

  await page.getByRole('link', { name: 'My orders' }).click();
  await page.locator(`[data-order="${orderNo}"][data-state=paid]`).waitFor();
  t.equal(await page.locator('h1').textContent(), 'My orders');
  await checkPage(t, page, complaints());
});

t.test('double clicks and a second tab are one order', async (t) => {
  const sid = await putOnSale({ name: 'A cup' });
  const { page } = await openPage(t, browser);
  const sent: Request[] = [];
  page.context().on('request', (request) => isOrder(request) && sent.push(request));
  await page.goto(url);
  const other = await page.context().newPage();
  await other.goto(url);
  await Promise.all([saying(page, sid, 'Buy'), saying(other, sid, 'Buy')]);
  // Where the other tab's order is there already, the button means something else: "pay now".
  const clickTwice = `{
    const button = document.querySelector('#stock-${sid} .big');
    if (button.dataset.act !== 'pay') for (const _ of [1, 2]) button.click();
  }`;
  await Promise.all([page.evaluate(clickTwice), other.evaluate(clickTwice)]);
  await Promise.all([saying(page, sid, 'It’s yours'), saying(other, sid, 'It’s yours')]);
  t.equal(await orderNoOf(page, sid), await orderNoOf(other, sid));
  t.equal((await rowsOf(sid)).length, 1);
  t.ok(sent.length <= 2, `${sent.length} requests`);
});

t.test('the second click of a double click does not pay', async (t) => {
  const sid = await putOnSale({ name: 'A kettle' });
  const { page } = await openPage(t, browser);
  const payments: Request[] = [];
  page.on('request', (request) => request.url().endsWith('/payments') && payments.push(request));
  await page.goto(url);
  await saying(page, sid, 'Buy');
  // The second click comes when the button has just changed.
  await page.evaluate(`{
    const button = document.querySelector('#stock-${sid} .big');
    const changes = new MutationObserver(() => {
      if (button.dataset.act !== 'pay') return;
      changes.disconnect();
      button.click();
    });
    changes.observe(button, { attributes: true });
    button.click();
  }`);
  await saying(page, sid, 'It’s yours – pay now');
  await card(page, sid).locator('.big[aria-disabled=false]').waitFor();
  t.same(payments, []);
  await big(page, sid).click();
  await page.getByRole('button', { name: 'Decline' }).waitFor();
  t.equal(payments.length, 1);
});

t.test('a payment for an order that was cancelled meanwhile is shown with its refund', async (t) => {
  const sid = await putOnSale({ name: 'A vase' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  await big(page, sid).click();
  await saying(page, sid, 'It’s yours – pay now');
  const orderNo = await orderNoOf(page, sid);
  const token = await tokenOf(page);
  await big(page, sid).click();
  await page.getByRole('button', { name: 'Decline' }).waitFor();
  const headers = { authorization: `Bearer ${token}` };
  await callApi(`${url}/api/v1`, `/orders/${orderNo}/cancel`, { method: 'POST', headers });
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await card(page, sid)
    .getByText(/payment arrived after the order had ended|been refunded/)
    .waitFor();
  await page.getByRole('link', { name: 'My orders' }).click();
  const row = page.locator(`[data-order="${orderNo}"][data-state=cancelled]`);
  await row.locator('[data-payment]').waitFor();
  t.match(await textOf(row), /Paid CN¥19\.99/);
  await checkPage(t, page, complaints());
  await keepPicture(page, 'money-back');
});

t.test('after a lost answer the repeat leads to the same order', async (t) => {
  const sid = await putOnSale({ name: 'A pair of headphones' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  const sent: Record<string, string>[] = [];
  await page.route(orderCalls(sid), async (route) => {
    sent.push(await route.request().allHeaders());
    if (sent.length > 1) return route.continue();
    // The request is served, but its answer is lost.
    await route.fetch();
    await route.abort('connectionreset');
  });
  // On a busy machine the list of orders could show the order before the page shows the repeat.
  const shown = Promise.withResolvers<void>();
  await page.route(/\/api\/v1\/orders(\?|$)/, async (route) => {
    await shown.promise;
    await route.continue();
  });
  await big(page, sid).click();
  await card(page, sid).getByText('Resending your request').waitFor();
  await keepPicture(page, 'lost-answer');
  shown.resolve();
  await saying(page, sid, 'It’s yours');
  t.match(await rowsOf(sid), [{ order_no: (await orderNoOf(page, sid)) ?? '' }]);
  await waitUntil(
    'the repeat',
    async () => {
      if (sent.length < 2) throw new Error('not sent yet');
    },
    { limitMs: 10_000 },
  );
  t.equal(sent[0]?.['idempotency-key'], sent[1]?.['idempotency-key']);
  t.same(
    sent.map((headers) => headers['idempotency-attempt']),
    ['1', '2'],
  );
  t.same(complaints(/ERR_CONNECTION_RESET/), []);
});

t.test('a reload in the middle, and the back button, lead to the same order', async (t) => {
  const sid = await putOnSale({ name: 'A plant' });
  const { page } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  const keys: (string | undefined)[] = [];
  const reached = new Promise<void>((resolve) => {
    void page.route(orderCalls(sid), async (route) => {
      keys.push((await route.request().allHeaders())['idempotency-key']);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      resolve();
    });
  });
  await big(page, sid).click();
  await reached;
  await page.reload();
  await saying(page, sid, 'It’s yours');
  const orderNo = await orderNoOf(page, sid);
  t.match(await rowsOf(sid), [{ order_no: orderNo ?? '' }]);
  t.equal(new Set(keys).size, 1);

  await big(page, sid).click();
  await page.getByRole('button', { name: 'Decline' }).waitFor();
  await page.goBack();
  await saying(page, sid, 'It’s yours – pay now');
  t.equal(await orderNoOf(page, sid), orderNo);
  t.equal((await rowsOf(sid)).length, 1);
});

t.test('the buy button disappears when the stock is sold out and returns with a unit', async (t) => {
  const sid = await putOnSale({ name: 'A watch', count: 1 });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  // The page sees old data while another buyer takes the last unit.
  const reads = /\/api\/v1\/stocks$/;
  const seen = await (await fetch(`${url}/api/v1/stocks`)).text();
  await page.route(/\/stocks\/\d+\/events$/, (route) => route.abort());
  await page.route(reads, (route) => route.fulfill({ contentType: 'application/json', body: seen }));
  await page.reload();
  const bought = await callApi(`${url}/api/v1`, `/stocks/${sid}/orders`, { method: 'POST', as: 'ann' });
  t.equal(bought.status, 201);
  await big(page, sid).click();
  await saying(page, sid, 'Sold out');
  await page.unrouteAll();
  t.match(await textOf(card(page, sid)), /the button comes back automatically/);
  await checkPage(t, page, complaints(/410|ERR_FAILED/));
  await keepPicture(page, 'sold-out');
  t.same(await rowsOf(sid).then((rows) => rows.map(({ buyer }) => buyer)), ['ann']);

  await callApi(`${url}/api/v1`, `/orders/${bought.body.orderNo}/cancel`, { method: 'POST', as: 'ann' });
  await saying(page, sid, 'Buy');
  // A cache may refuse for another second or two: then the button returns once more.
  await waitUntil(
    'the unit to be bought',
    async () => {
      if ((await big(page, sid).getAttribute('data-act')) === 'buy') await big(page, sid).click();
      const text = await textOf(big(page, sid));
      if (!text.includes('It’s yours')) throw new Error(text);
    },
    { limitMs: 20_000 },
  );
});

t.test('the button opens by the server’s clock, and a limited request is repeated', async (t) => {
  const opensAtMs = Date.now() + 6000;
  const sid = await putOnSale({ name: 'A bag', opensAtMs });
  const { page, complaints } = await openPage(t, browser);
  // The device's clock is an hour fast.
  await page.addInitScript(() => {
    const ahead = performance.timeOrigin + 3_600_000;
    Object.defineProperty(performance, 'timeOrigin', { value: ahead });
  });
  await page.goto(url);
  await saying(page, sid, /Opens in 00:0[1-6]/);
  await checkPage(t, page, complaints());
  await keepPicture(page, 'upcoming');
  // By force, because the button is disabled.
  await big(page, sid).click({ force: true });
  t.match(await textOf(big(page, sid)), /Opens in/);
  const token = await tokenOf(page);
  const headers = { authorization: `Bearer ${token}` };
  await saying(page, sid, 'Buy');
  t.ok(Date.now() >= opensAtMs);
  // More requests than the limit for one buyer.
  const key = { ...headers, 'idempotency-key': '"first"' };
  const others = Array.from({ length: 8 }, () =>
    callApi(`${url}/api/v1`, `/stocks/${sid}/orders`, { method: 'POST', headers: key }),
  );
  t.ok((await Promise.all(others)).some(({ status }) => status === 429));
  await big(page, sid).click();
  await card(page, sid).getByText('resend your request automatically').waitFor();
  await keepPicture(page, 'limited');
  await saying(page, sid, 'It’s yours');
  t.equal((await rowsOf(sid)).length, 1);
});

t.test('an order is cancelled after a confirmation, and the stock is bought again', async (t) => {
  const sid = await putOnSale({ name: 'A book' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  await big(page, sid).click();
  await saying(page, sid, 'It’s yours');
  const first = await orderNoOf(page, sid);
  const cancel = card(page, sid).getByRole('button', { name: 'Cancel' });
  await cancel.click();
  await page.getByRole('button', { name: 'Keep order' }).waitFor();
  await checkPage(t, page, complaints());
  await keepPicture(page, 'cancel');
  await page.keyboard.press('Escape');
  t.match(await rowsOf(sid), [{ state: 'awaiting_payment' }]);
  await card(page, sid).locator('.notes button:focus').waitFor();
  await cancel.click();
  await page.getByRole('button', { name: 'Cancel order' }).click();
  await card(page, sid).getByText('You cancelled').waitFor();
  await saying(page, sid, 'Buy');
  t.match(await rowsOf(sid), [{ state: 'cancelled' }]);
  await big(page, sid).click();
  await saying(page, sid, 'It’s yours');
  t.not(await orderNoOf(page, sid), first);
});

t.test('a refused token is replaced, and another buyer sees none of the orders', async (t) => {
  const sid = await putOnSale({ name: 'A phone' });
  const { page } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  const expired = createToken('zoe', { secret: 'not-the-secret-of-this-shop-at-all' });
  await page.evaluate((token) => {
    const kept = { token, buyer: 'zoe', expiresAtMs: Date.now() + 600_000 };
    localStorage.setItem('flash-sale.buyer', JSON.stringify(kept));
  }, expired);
  await page.reload();
  await page.getByRole('button', { name: 'Buyer: zoe' }).waitFor();
  await saying(page, sid, 'Buy');
  await big(page, sid).click();
  await saying(page, sid, 'It’s yours');
  t.match(await rowsOf(sid), [{ buyer: 'zoe' }]);
  await page.getByRole('button', { name: 'Buyer: zoe' }).click();
  t.same(await findBarriers(page), []);
  await keepPicture(page, 'who');
  await page.getByRole('button', { name: 'Switch to a new buyer' }).click();
  await page.getByRole('button', { name: /Buyer: demo-/ }).waitFor();
  await saying(page, sid, 'Buy');
});

t.test('without demo tokens the buyer pastes a token', async (t) => {
  const sid = await putOnSale({ name: 'A diary' });
  const strict = await startTestConsumer(t, servers, [shop.provider], { DEMO: 'off' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(strict);
  await saying(page, sid, 'Buy');
  await big(page, sid).click();
  await page.getByLabel('Token').fill('not a token');
  await page.getByRole('button', { name: 'Use this token' }).click();
  await page.getByText('This token isn’t valid').waitFor();
  await checkPage(t, page, complaints(/404/));
  await page.getByLabel('Token').fill(createToken('yan'));
  await page.getByRole('button', { name: 'Use this token' }).click();
  await page.getByRole('button', { name: 'Buyer: yan' }).waitFor();
  await big(page, sid).click();
  await saying(page, sid, 'It’s yours');
  t.match(await rowsOf(sid), [{ buyer: 'yan' }]);
});

t.test('an order stays in line until a worker decides it', async (t) => {
  const sid = await putOnSale({ name: 'A box' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  await shop.worker.close();
  await big(page, sid).click();
  await saying(page, sid, 'You’re in line…');
  const orderNo = await orderNoOf(page, sid);
  await checkPage(t, page, complaints());
  await keepPicture(page, 'in-line');
  await page.reload();
  await saying(page, sid, 'You’re in line…');
  await startTestWorker(t, servers);
  await saying(page, sid, 'It’s yours');
  t.equal(await orderNoOf(page, sid), orderNo);
});
