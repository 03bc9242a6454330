import type { Request } from 'playwright-core';
import t from 'tap';
import { findBarriers, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { big, card, saying } from '../../testing/pages/shop-card.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// What the shop says about a stock, and how many units a click buys.

const PICTURE_ORIGINS = 'https://pictures.example';
const { url, servers, putOnSale } = await startTestShop(t, { PICTURE_ORIGINS, COOLDOWN: '4' });
const browser = await startBrowser(t);
const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="90"><rect width="160" height="90" fill="#933"/></svg>';
const details = {
  reference: 'LAMP-1',
  metadata: '{"season":"winter"}',
  description: `Brass.\n${'Made to last. '.repeat(20)}`,
  pictureUrl: `${PICTURE_ORIGINS}/lamp.svg`,
  compareAtPriceCents: 2999,
};

t.test('a card shows picture, description and compare-at price, in both languages', async (t) => {
  const sid = await putOnSale({ name: 'A lamp', currency: 'JPY', details });
  const lost = await putOnSale({ name: 'A vase', details: { ...details, pictureUrl: `${PICTURE_ORIGINS}/lost.svg` } });
  const { page } = await openPage(t, browser);
  await page.route(`${PICTURE_ORIGINS}/lamp.svg`, (route) =>
    route.fulfill({ body: picture, contentType: 'image/svg+xml' }),
  );
  await page.route(`${PICTURE_ORIGINS}/lost.svg`, (route) => route.fulfill({ status: 404 }));
  await page.goto(url);
  const image = card(page, sid).getByRole('img', { name: 'Picture of A lamp' });
  await image.scrollIntoViewIfNeeded();
  await page.waitForFunction(`document.querySelector('#stock-${sid} img')?.naturalWidth > 0`);
  await card(page, sid)
    .locator('s', { hasText: 'JP¥2,999' })
    .or(card(page, sid).locator('s', { hasText: '¥2,999' }))
    .waitFor();
  t.match(await card(page, sid).locator('.price').textContent(), /Compare at .*2,999.*1,999/, 'yen have no decimals');
  await card(page, sid).getByText('About this offer').click();
  await card(page, sid).getByText('Made to last.').waitFor();
  await card(page, lost).scrollIntoViewIfNeeded();
  await card(page, lost).getByRole('img', { name: 'Drawing of A vase' }).waitFor();
  t.notMatch(await page.content(), /winter/);
  t.same(await findBarriers(page), []);
  await page.getByRole('button', { name: '简体中文' }).or(page.getByLabel('简体中文')).first().click();
  await card(page, sid).getByText('商品说明').waitFor();
  t.same(await findBarriers(page), []);
});

t.test('the quantity that is chosen is ordered, and its refusals are explained', async (t) => {
  const sid = await putOnSale({ name: 'A cup', count: 9, maxPerOrder: 3, priceCents: 1000 });
  const { page } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy for CN¥10.00');
  const quantity = card(page, sid).getByLabel('Quantity');
  await quantity.fill('9');
  await quantity.blur();
  t.equal(await quantity.inputValue(), '3');
  await saying(page, sid, 'Buy for CN¥30.00');
  await card(page, sid).getByText('One order per person, up to 3 units').waitFor();
  t.same(await findBarriers(page), []);
  const sent: Request[] = [];
  const refusals = [
    { type: '/problems/too_few_left', title: '', status: 409, code: 'too_few_left', left: 2 },
    { type: '/problems/quantity_above_max', title: '', status: 409, code: 'quantity_above_max' },
  ];
  await page.route(`**/stocks/${sid}/orders`, (route, request) => {
    const json = refusals[sent.push(request) - 1];
    return json ? route.fulfill({ status: 409, json }) : route.continue();
  });
  await big(page, sid).click();
  await card(page, sid).getByText('Only 2 left, fewer than you asked for. Nothing was ordered').waitFor();
  t.same(sent[0]?.postDataJSON(), { maxPrice: { amount: 1000, currency: 'CNY' }, quantity: 3 });
  await page.waitForTimeout(800);
  await big(page, sid).click();
  await card(page, sid).getByText('At most 3 per order. Nothing was ordered').waitFor();
  t.same(await findBarriers(page), []);
});

t.test('a buyer whose order expired is told when the next one is possible', async (t) => {
  const sid = await putOnSale({ name: 'A plate', count: 9 });
  const { page } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Buy for');
  await big(page, sid).click();
  await saying(page, sid, 'It’s yours');
  await card(page, sid).getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Cancel order' }).click();
  await saying(page, sid, 'Buy for');
  await page.waitForTimeout(800);
  await big(page, sid).click();
  await saying(page, sid, 'You can buy again in');
  t.same(await findBarriers(page), []);
  await saying(page, sid, 'Buy for');
  await big(page, sid).click();
  await saying(page, sid, 'It’s yours');
  t.equal((await servers.mysql('stock_order').where({ sid })).length, 2);
});
