import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { callApi } from '../../testing/clients/call-api.ts';
import { TEST_DRAW_KEY } from '../../testing/draws/create-test-draw.ts';
import { checkPage, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { big, card, saying } from '../../testing/pages/shop-card.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// Draws and lines in the storefront, on a whole system: entering, the draw, offers, and the line after a rush.

const { url, putOnSale } = await startTestShop(t, {
  DRAWS: 'on',
  DRAW_KEY: TEST_DRAW_KEY,
  LINE_WINDOW: '2',
  BUYER_BURST: '100',
});
const browser = await startBrowser(t);
const api = `${url}/api/v1`;

const DRAWN_WITHIN_MS = 60_000;

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

async function createDraw(times: Record<'entriesOpenAt' | 'entriesCloseAt' | 'opensAt' | 'closesAt', string>) {
  const body = {
    name: 'Studio headphones',
    count: 1,
    price: { amount: 59_900, currency: 'EUR' },
    mode: 'draw',
    ...times,
  };
  const created = await callApi(api, '/admin/stocks', { as: 'admin', body });
  if (created.status !== 201) throw new Error(created.text);
  return Number(created.body.sid);
}

const enterAs = (sid: number, as: string) => callApi(api, `/stocks/${sid}/entry`, { as, method: 'POST' });

/** Cancels the offer of this buyer, if there is one. */
async function passOn(sid: number, as: string): Promise<void> {
  const { body } = await callApi(api, `/stocks/${sid}/entry`, { as });
  if (typeof body.orderNo === 'string') await callApi(api, `/orders/${body.orderNo}/cancel`, { as, method: 'POST' });
}

async function saveAs(page: Page, sid: number, button: string): Promise<Record<string, unknown>> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    card(page, sid).getByRole('button', { name: button }).click(),
  ]);
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString());
}

async function confirmDialog(t: Test, page: Page, sid: number, open: RegExp, confirm: string): Promise<void> {
  await card(page, sid).getByRole('button', { name: open }).click();
  await page.getByRole('dialog').waitFor();
  await checkPage(t, page, [], 'the dialog');
  await page.getByRole('dialog').getByRole('button', { name: confirm, exact: true }).click();
}

t.test('a draw, from entering to an offer that is given back', async (t) => {
  const closeAt = inSeconds(50);
  const sid = await createDraw({
    entriesOpenAt: inSeconds(10),
    entriesCloseAt: closeAt,
    opensAt: closeAt,
    closesAt: inSeconds(3600),
  });
  const { page, complaints } = await openPage(t, browser);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(url);
  await saying(page, sid, /Entries open in 00:0\d/);
  await checkPage(t, page, complaints(/404/));

  await saying(page, sid, 'Enter the draw');
  await big(page, sid).click();
  await saying(page, sid, 'You are in');
  await page.reload();
  await saying(page, sid, 'You are in');
  await card(page, sid).locator('.proof summary').click();
  const ticket = await saveAs(page, sid, 'Save my ticket');
  t.match(ticket, { drawId: /^[0-9a-f]{64}$/, salt: /^[0-9a-f]{64}$/, signature: /^[0-9a-f]{128}$/, buyer: String });
  await card(page, sid)
    .getByText(`You are in: entry ${String(ticket.entryId).slice(0, 8)}`)
    .waitFor();

  await confirmDialog(t, page, sid, /^Leave/, 'Leave');
  await card(page, sid).getByText('You left. You can enter again until').waitFor();
  await saying(page, sid, 'Enter the draw');
  await big(page, sid).click();
  await saying(page, sid, 'You are in');
  for (const buyer of ['ann', 'bob', 'cat']) t.equal((await enterAs(sid, buyer)).status, 201);

  await big(page, sid)
    .filter({ hasText: /Your place: [1-4]|It’s yours/ })
    .waitFor({ timeout: DRAWN_WITHIN_MS });
  await waitUntil(
    'the offer to come',
    async () => {
      for (const buyer of ['ann', 'bob', 'cat']) await passOn(sid, buyer);
      if (!(await big(page, sid).filter({ hasText: 'It’s yours' }).isVisible())) throw new Error('not yet');
    },
    { limitMs: DRAWN_WITHIN_MS },
  );
  await card(page, sid)
    .getByText(/Pay within \d\d:\d\d/)
    .waitFor();
  await checkPage(t, page, complaints(/404/));
  await keepPicture(page, 'draw-offer');

  await confirmDialog(t, page, sid, /^Cancel/, 'Cancel order');
  await saying(page, sid, 'Your turn is over');
  await checkPage(t, page, complaints(/404/));
  await card(page, sid).locator('.proof summary').click();
  const statement = await saveAs(page, sid, 'Save what I saw first');
  const { body } = await callApi(api, `/stocks/${sid}/draw`);
  t.match(statement, { root: body.root, statement: body.statement, seed: body.seed, entries: 4 });
  t.same(
    asked.filter((address) => address.includes(String(ticket.salt)) || address.includes(String(ticket.entryId))),
    [],
    'no address has a ticket',
  );
});

t.test('a statement that differs from the first one is said', async (t) => {
  const closeAt = inSeconds(8);
  const times = { entriesOpenAt: inSeconds(-60), entriesCloseAt: closeAt, opensAt: closeAt, closesAt: inSeconds(3600) };
  const sid = await createDraw(times);
  await enterAs(sid, 'ann');
  const { page } = await openPage(t, browser);
  await page.goto(url);
  await card(page, sid).locator('.proof summary').click();
  await card(page, sid).getByText('Fingerprint').waitFor({ timeout: DRAWN_WITHIN_MS });
  const { body: draw } = await callApi(api, `/stocks/${sid}/draw`);
  const other = Object.assign(draw, { root: String(draw.root).split('').reverse().join('') });
  await page.route(`**/stocks/${sid}/draw`, (route) => route.fulfill({ json: other }));
  await card(page, sid)
    .getByText('another statement than the one this browser saw first')
    .waitFor({ timeout: DRAWN_WITHIN_MS });
  await checkPage(t, page);
  await keepPicture(page, 'draw-other-statement');
});

t.test('after a rush is sold out, a returned unit goes to the line', async (t) => {
  const sid = await putOnSale({ name: 'Canvas bag', count: 1 });
  const order = await callApi(api, `/stocks/${sid}/orders`, { as: 'ann', method: 'POST' });
  t.equal(order.status, 201);
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Join the line');
  await checkPage(t, page, complaints(/404/));
  const stream = page.waitForRequest(new RegExp(`/stocks/${sid}/entry/events$`), { timeout: DRAWN_WITHIN_MS });
  await big(page, sid).click();
  await stream;
  // From here on the page learns only from its stream.
  let polls = 0;
  await page.route(new RegExp(`/stocks/${sid}/(entry|draw)$`), (route) => {
    polls += 1;
    return route.fulfill({ status: 503, json: { code: 'busy', title: 'busy', status: 503 } });
  });
  await big(page, sid).filter({ hasText: 'Your place: 1' }).waitFor({ timeout: DRAWN_WITHIN_MS });
  await checkPage(t, page, complaints(/404/));
  await keepPicture(page, 'line-place');
  await callApi(api, `/orders/${order.body.orderNo}/cancel`, { as: 'ann', method: 'POST' });
  await saying(page, sid, 'It’s yours');
  t.comment(`${polls} polls`);
});

t.test('whose turn did not come is told so when the sale closes', async (t) => {
  const sid = await putOnSale({ name: 'Wool hat', count: 1 });
  await callApi(api, `/stocks/${sid}/orders`, { as: 'ann', method: 'POST' });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(url);
  await saying(page, sid, 'Join the line');
  await big(page, sid).click();
  await saying(page, sid, /You are in line|Your place/);
  const closing = await callApi(api, `/admin/stocks/${sid}`, {
    as: 'admin',
    method: 'PATCH',
    body: { closesAt: inSeconds(1) },
  });
  t.equal(closing.status, 200, closing.text);
  await saying(page, sid, 'The line is over');
  await card(page, sid).getByText('you did not get one').first().waitFor();
  await checkPage(t, page, complaints(/404/));
});
