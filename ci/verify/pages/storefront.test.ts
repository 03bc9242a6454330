import type { Locator, Page, Request } from 'playwright-core';
import t, { type Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { callApi } from '../../testing/clients/call-api.ts';
import { createToken } from '../../testing/clients/create-token.ts';
import { findBarriers, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { big, card, orderNoOf, saying } from '../../testing/pages/shop-card.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';
import { startTestConsumer, startTestWorker } from '../../testing/servers/start-test-system.ts';

// Whole sales in a real browser, against real servers, from the click to the row.

const shop = await startTestShop(t, { BUYER_BURST: '3', BUYER_RATE: '1', SANDBOX_WEBHOOK_DELAY_MS: '300' });
const { url, servers, putOnSale } = shop;
const browser = await startBrowser(t);

const textOf = async (one: Locator) => (await one.textContent()) ?? '';
const isOrder = (request: Request) => request.method() === 'POST' && request.url().endsWith('/orders');
const orderCalls = (sid: number) => new RegExp(`/stocks/${sid}/orders$`);

async function rowsOf(sid: number): Promise<{ order_no: string; state: string; buyer: string }[]> {
  return servers
    .mysql('stock_order')
    .where({ sid })
    .whereNotIn('state', ['duplicate', 'sold_out'])
    .select('order_no', 'state', 'buyer');
}

/** The page as it stands is sound: for everybody, and in what the console says. */
async function isSound(t: Test, page: Page, complaints: string[]): Promise<void> {
  t.same(await findBarriers(page), []);
  t.same(complaints, []);
}

t.test('from the click to the paid order', async (t) => {
  const sid = await putOnSale({ name: 'A lamp' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy for CN¥19.99');
  await isSound(t, page, complaints());
  // What one's own shows before any answer can have come.
  await big(page, sid).dispatchEvent('click');
  t.match(await textOf(big(page, sid)), /Getting it|You have it/);
  await saying(page, sid, 'You have it – pay now');
  await card(page, sid)
    .getByText(/Pay within 1[45]:\d\d/)
    .waitFor();
  t.match(await textOf(page.locator('p[role=status].hidden-text')), 'You have it: A lamp.');
  const orderNo = await orderNoOf(page, sid);
  t.match(await rowsOf(sid), [{ order_no: orderNo ?? '', state: 'awaiting_payment' }]);
  await isSound(t, page, complaints());
  await keepPicture(page, 'have');

  await big(page, sid).click();
  await page.getByRole('button', { name: 'Decline' }).click();
  // Said at once, not after a time without news.
  await card(page, sid).getByText('The payment was declined').waitFor();
  t.match(await textOf(big(page, sid)), 'You have it – pay now');
  await page.locator('p[role=status].hidden-text', { hasText: 'The payment for A lamp was declined.' }).waitFor();
  await big(page, sid).click();
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await saying(page, sid, 'Paid – it is yours');
  t.equal(await orderNoOf(page, sid), orderNo);
  t.equal(new URL(page.url()).search, '');
  t.match(await rowsOf(sid), [{ state: 'paid' }]);
  await isSound(t, page, complaints());
  await keepPicture(page, 'paid');

  await page.getByRole('link', { name: 'My orders' }).click();
  await page.locator(`[data-order="${orderNo}"][data-state=paid]`).waitFor();
  t.equal(await page.locator('h1').textContent(), 'My orders');
  await isSound(t, page, complaints());
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
  await Promise.all([big(page, sid).dblclick(), big(other, sid).dblclick()]);
  await Promise.all([saying(page, sid, 'You have it'), saying(other, sid, 'You have it')]);
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
  // It comes in the moment in which the button has become another one.
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
  await saying(page, sid, 'You have it – pay now');
  await card(page, sid).locator('.big[aria-disabled=false]').waitFor();
  t.same(payments, []);
  await big(page, sid).click();
  await page.getByRole('button', { name: 'Decline' }).waitFor();
  t.equal(payments.length, 1);
});

t.test('money for an order that was cancelled meanwhile is seen on its way back', async (t) => {
  const sid = await putOnSale({ name: 'A vase' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  await big(page, sid).click();
  await saying(page, sid, 'You have it – pay now');
  const orderNo = await orderNoOf(page, sid);
  const token = await page.evaluate(() => JSON.parse(localStorage.getItem('flash-sale.buyer') ?? '{}').token);
  await big(page, sid).click();
  await page.getByRole('button', { name: 'Decline' }).waitFor();
  const headers = { authorization: `Bearer ${token}` };
  await callApi(`${url}/api/v1`, `/orders/${orderNo}`, { method: 'DELETE', headers });
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await card(page, sid)
    .getByText(/payment came after the order had ended|money was given back/)
    .waitFor();
  await page.getByRole('link', { name: 'My orders' }).click();
  const row = page.locator(`[data-order="${orderNo}"][data-state=cancelled]`);
  await row.locator('[data-payment]').waitFor();
  t.match(await textOf(row), /Paid CN¥19\.99/);
  await isSound(t, page, complaints());
  await keepPicture(page, 'money-back');
});

t.test('a lost answer ends in the order that it was about', async (t) => {
  const sid = await putOnSale({ name: 'A pair of headphones' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  const sent: Record<string, string>[] = [];
  await page.route(orderCalls(sid), async (route) => {
    sent.push(await route.request().allHeaders());
    if (sent.length > 1) return route.continue();
    // It is served, and nobody hears of it.
    await route.fetch();
    await route.abort('connectionreset');
  });
  await big(page, sid).click();
  await card(page, sid).getByText('Sending the same request again').waitFor();
  await keepPicture(page, 'lost-answer');
  await saying(page, sid, 'You have it');
  t.match(await rowsOf(sid), [{ order_no: (await orderNoOf(page, sid)) ?? '' }]);
  // The list of orders may have told before the repeat was due.
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
  await saying(page, sid, 'You have it');
  const orderNo = await orderNoOf(page, sid);
  t.match(await rowsOf(sid), [{ order_no: orderNo ?? '' }]);
  t.equal(new Set(keys).size, 1);

  await big(page, sid).click();
  await page.getByRole('button', { name: 'Decline' }).waitFor();
  await page.goBack();
  await saying(page, sid, 'You have it – pay now');
  t.equal(await orderNoOf(page, sid), orderNo);
  t.equal((await rowsOf(sid)).length, 1);
});

t.test('sold out, and a unit that comes back', async (t) => {
  const sid = await putOnSale({ name: 'A watch', count: 1 });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  // What the page sees stays behind while somebody else takes the last unit.
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
  t.match(await textOf(card(page, sid)), /the button returns by itself/);
  await isSound(t, page, complaints(/410|ERR_FAILED/));
  await keepPicture(page, 'sold-out');
  t.same(await rowsOf(sid).then((rows) => rows.map(({ buyer }) => buyer)), ['ann']);

  await callApi(`${url}/api/v1`, `/orders/${bought.body.orderNo}`, { method: 'DELETE', as: 'ann' });
  await saying(page, sid, 'Buy');
  // A cache may still refuse for a second or two: then the button returns once more.
  await waitUntil(
    'the unit to be bought',
    async () => {
      if ((await big(page, sid).getAttribute('data-act')) === 'buy') await big(page, sid).click();
      const text = await textOf(big(page, sid));
      if (!text.includes('You have it')) throw new Error(text);
    },
    { limitMs: 20_000 },
  );
});

t.test('the button opens by the server’s clock, and a limit is waited out', async (t) => {
  const opensAtMs = Date.now() + 6000;
  const sid = await putOnSale({ name: 'A bag', opensAtMs });
  const { page, complaints } = await openPage(t, browser);
  // This device is an hour ahead.
  await page.addInitScript(() => {
    const ahead = performance.timeOrigin + 3_600_000;
    Object.defineProperty(performance, 'timeOrigin', { value: ahead });
  });
  await page.goto(url);
  await saying(page, sid, /Opens in 00:0[1-6]/);
  await isSound(t, page, complaints());
  await keepPicture(page, 'upcoming');
  // By force, for it is not to be clicked.
  await big(page, sid).click({ force: true });
  t.match(await textOf(big(page, sid)), /Opens in/);
  const token = await page.evaluate(() => JSON.parse(localStorage.getItem('flash-sale.buyer') ?? '{}').token);
  const headers = { authorization: `Bearer ${token}` };
  await saying(page, sid, 'Buy');
  t.ok(Date.now() >= opensAtMs);
  // More clicks than one buyer may make.
  const key = { ...headers, 'idempotency-key': '"first"' };
  const others = Array.from({ length: 8 }, () =>
    callApi(`${url}/api/v1`, `/stocks/${sid}/orders`, { method: 'POST', headers: key }),
  );
  t.ok((await Promise.all(others)).some(({ status }) => status === 429));
  await big(page, sid).click();
  await card(page, sid).getByText('sent again by itself').waitFor();
  await keepPicture(page, 'limited');
  await saying(page, sid, 'You have it');
  t.equal((await rowsOf(sid)).length, 1);
});

t.test('cancelled after a question, and bought anew', async (t) => {
  const sid = await putOnSale({ name: 'A book' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  await big(page, sid).click();
  await saying(page, sid, 'You have it');
  const first = await orderNoOf(page, sid);
  const cancel = card(page, sid).getByRole('button', { name: 'Cancel' });
  await cancel.click();
  await page.getByRole('button', { name: 'Keep it' }).waitFor();
  await isSound(t, page, complaints());
  await keepPicture(page, 'cancel');
  await page.keyboard.press('Escape');
  t.match(await rowsOf(sid), [{ state: 'awaiting_payment' }]);
  await card(page, sid).locator('.notes button:focus').waitFor();
  await cancel.click();
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await card(page, sid).getByText('You cancelled').waitFor();
  await saying(page, sid, 'Buy');
  t.match(await rowsOf(sid), [{ state: 'cancelled' }]);
  await big(page, sid).click();
  await saying(page, sid, 'You have it');
  t.not(await orderNoOf(page, sid), first);
});

t.test('a token that is not taken any more is replaced, and another buyer has none of the orders', async (t) => {
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
  await page.getByRole('button', { name: 'You: zoe' }).waitFor();
  await saying(page, sid, 'Buy');
  await big(page, sid).click();
  await saying(page, sid, 'You have it');
  t.match(await rowsOf(sid), [{ buyer: 'zoe' }]);
  await page.getByRole('button', { name: 'You: zoe' }).click();
  t.same(await findBarriers(page), []);
  await keepPicture(page, 'who');
  await page.getByRole('button', { name: 'Become another buyer' }).click();
  await page.getByRole('button', { name: /You: demo-/ }).waitFor();
  await saying(page, sid, 'Buy');
});

t.test('where no demo tokens are given one’s own is pasted', async (t) => {
  const sid = await putOnSale({ name: 'A diary' });
  const strict = await startTestConsumer(t, servers, [shop.provider], { DEMO: 'off' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(strict);
  await saying(page, sid, 'Buy');
  await big(page, sid).click();
  await page.getByLabel('Token').fill('not a token');
  await page.getByRole('button', { name: 'Use this token' }).click();
  await page.getByText('That is no token').waitFor();
  await isSound(t, page, complaints(/404/));
  await page.getByLabel('Token').fill(createToken('yan'));
  await page.getByRole('button', { name: 'Use this token' }).click();
  await page.getByRole('button', { name: 'You: yan' }).waitFor();
  await big(page, sid).click();
  await saying(page, sid, 'You have it');
  t.match(await rowsOf(sid), [{ buyer: 'yan' }]);
});

t.test('in line while nobody decides, and told as soon as somebody does', async (t) => {
  const sid = await putOnSale({ name: 'A box' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy');
  await shop.worker.close();
  await big(page, sid).click();
  await saying(page, sid, 'You are in line…');
  const orderNo = await orderNoOf(page, sid);
  await isSound(t, page, complaints());
  await keepPicture(page, 'in-line');
  await page.reload();
  await saying(page, sid, 'You are in line…');
  await startTestWorker(t, servers);
  await saying(page, sid, 'You have it');
  t.equal(await orderNoOf(page, sid), orderNo);
});
