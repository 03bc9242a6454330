import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import t from 'tap';
import { callApi } from '../../testing/clients/call-api.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { checkPage, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// What a shop asks the console about a sale, against real servers.

const { url, servers } = await startTestShop(t);
const browser = await startBrowser(t);

const panel = (page: Page, title: string | RegExp) => page.getByRole('region', { name: title }).first();
const figure = (page: Page, name: string) => page.locator('.sale-figures .figure', { hasText: name });

/** A sale of 6 units to 8 buyers: 3 paid, 1 expired, 2 unpaid. Its orders were decided an hour ago. */
async function sellLamps(name: string) {
  const sid = await createTestStock(servers.mysql, {
    name,
    count: 6,
    priceCents: 2500,
    currency: 'EUR',
    opensAtMs: Date.now() - 2000,
  });
  const orderNos: string[] = [];
  for (let i = 0; i < 8; i += 1) {
    const { body } = await callApi(url, `/api/v1/stocks/${sid}/orders`, { as: `${name}-buyer-${i}`, body: {} });
    orderNos.push(String(body.orderNo ?? ''));
  }
  const change = async (orderNo = '', state: 'paid' | 'expired') => {
    const time = state === 'paid' ? 'paid_at' : 'ended_at';
    await servers.mysql.raw(`UPDATE stock_order SET state = ?, ${time} = NOW(3) WHERE order_no = ?`, [state, orderNo]);
    await servers.mysql.raw(
      `INSERT INTO order_event (order_no, type, sid, buyer, price_cents, published_at)
       SELECT order_no, ?, sid, buyer, price_cents, NOW(3) FROM stock_order WHERE order_no = ?`,
      [state, orderNo],
    );
  };
  for (const orderNo of orderNos.slice(0, 3)) await change(orderNo, 'paid');
  await change(orderNos[3], 'expired');
  await servers.mysql('stock').where({ id: sid }).decrement('sale', 1);
  return { sid, orderNos };
}

t.test('the sale of a shop: money, units and time line, whenever the page is opened', async (t) => {
  const { sid } = await sellLamps('lamp-shop');
  for (const viewport of [
    { width: 1280, height: 900 },
    { width: 390, height: 844 },
  ]) {
    const { page, complaints } = await openPage(t, browser, { viewport });
    await page.goto(`${url}/console#sale/${sid}`);
    await figure(page, 'Revenue').getByText('€75.00').waitFor();
    await figure(page, 'Sell-through').getByText('83 %').waitFor();
    await figure(page, 'Sell-through').getByText('5 of 6 units').waitFor();
    await figure(page, 'awaiting payment').getByText('€50.00').waitFor();
    await figure(page, 'expired').getByText('€25.00').waitFor();
    const history = panel(page, 'What happened when');
    await history.locator('.key', { hasText: /Confirmed 6/ }).waitFor();
    await history.locator('.key', { hasText: /Paid 3/ }).waitFor();
    await history.getByText(/^Slowest at/).waitFor();
    await checkPage(t, page, complaints(), `${viewport.width}`);
    await keepPicture(page, `console-sale-${viewport.width}`, true);
    await history.getByText('The time line as a table').click();
    await history.locator('tbody tr').first().waitFor();
    await page.getByRole('button', { name: 'Opening' }).click();
    await history.locator('.key', { hasText: /Confirmed 6/ }).waitFor();
    await checkPage(t, page, complaints(), `${viewport.width}, the opening`);
  }
});

t.test('the report is printed without controls, and saved as files', async (t) => {
  const { sid, orderNos } = await sellLamps('floor');
  const { page } = await openPage(t, browser);
  await page.goto(`${url}/console#sale/${sid}`);
  await figure(page, 'Revenue').getByText('€75.00').waitFor();
  const save = async (name: string) => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name }).click();
    const file = await download;
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  };
  const figures = await save('Figures (JSON)');
  t.equal(figures.name, `sale-${sid}.json`);
  t.match(JSON.parse(figures.text), {
    stock: { sid: String(sid), name: 'floor' },
    summary: { revenue: { amount: 7500, currency: 'EUR' }, sellThrough: 0.8333 },
    history: { buckets: [{}] },
  });
  const timeline = await save('Time line (CSV)');
  t.match(timeline.text, /^at,orders,confirmed,refused,paid,.*,paidAmount,currency\r\n.*,EUR\r\n/);
  const orders = await save('All orders (CSV)');
  t.equal(orders.name, `orders-${sid}.csv`);
  for (const orderNo of orderNos.slice(0, 6)) t.match(orders.text, orderNo);
  await page.emulateMedia({ media: 'print' });
  t.notOk(await page.getByRole('navigation', { name: 'Views' }).isVisible());
  t.notOk(await page.getByRole('button', { name: 'Print report' }).isVisible());
  t.ok(await figure(page, 'Revenue').isVisible());
  await keepPicture(page, 'console-report-printed', true);
});

t.test('an order is found by its state or its buyer, and refunded', async (t) => {
  const { sid, orderNos } = await sellLamps('wall');
  const { page, complaints } = await openPage(t, browser);
  await page.goto(`${url}/console#sale/${sid}`);
  await page.getByRole('link', { name: 'Who did not pay in time' }).click();
  const orders = panel(page, 'Orders');
  await orders.locator('tbody tr', { hasText: 'wall-buyer-3' }).waitFor();
  t.equal(await orders.locator('tbody tr').count(), 1);
  await orders.getByLabel('State').selectOption('');
  await orders.getByLabel('Buyer').fill('wall-buyer-1');
  await page.keyboard.press('Enter');
  await orders.locator('tbody tr', { hasText: 'wall-buyer-3' }).waitFor({ state: 'detached' });
  await orders.getByRole('link', { name: orderNos[1] ?? '' }).click();
  const order = panel(page, 'One order');
  await order.locator('summary', { hasText: 'Refund' }).click();
  await order.getByRole('button', { name: 'Refund now' }).click();
  await order.getByText('Must not be empty').waitFor();
  await checkPage(t, page, complaints());
  await keepPicture(page, 'console-refund', true);
  await order.getByLabel('Reason of the refund').fill('arrived broken');
  await order.getByRole('button', { name: 'Refund now' }).click();
  await order.getByText('Refunded.').waitFor();
  await order.locator('.state.is-refunded').waitFor();
  t.equal((await servers.mysql('stock_order').where({ order_no: orderNos[1] }).first())?.state, 'refunded');
  await page.goto(`${url}/console#sale/${sid}`);
  await figure(page, 'Revenue').getByText('after €25.00 of refunds').waitFor();
});

t.test('who changed the price', async (t) => {
  const { sid } = await sellLamps('ceiling');
  const other = await createTestStock(servers.mysql, { name: 'A rug' });
  for (const [id, currency] of [
    [sid, 'EUR'],
    [other, 'CNY'],
  ]) {
    const body = { price: { amount: 1900, currency } };
    await callApi(url, `/api/v1/admin/stocks/${id}`, { as: 'admin', method: 'PATCH', body });
  }
  const { page, complaints } = await openPage(t, browser);
  await page.goto(`${url}/console#sale/${sid}`);
  await page.getByRole('link', { name: 'Who changed this stock' }).click();
  const log = panel(page, 'Action log');
  await log.locator('tbody tr', { hasText: 'price: €19.00' }).waitFor();
  t.equal(await log.locator('tbody tr').count(), 1);
  await checkPage(t, page, complaints());
  await log.getByLabel('Of stock').selectOption('');
  await log.locator('tbody tr', { hasText: String(other) }).waitFor();
});
