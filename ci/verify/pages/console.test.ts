import type { Locator, Page } from 'playwright-core';
import t from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { callApi } from '../../testing/clients/call-api.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { checkPage, findBarriers, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { playLiveFigures } from '../../testing/pages/play-live-figures.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// The console during a sale, against real servers.

const { url, servers } = await startTestShop(t);
const browser = await startBrowser(t);

const panel = (page: Page, title: string | RegExp) => page.getByRole('region', { name: title }).first();
const figure = (page: Page, name: string) => page.locator(`.figure.is-${name}`);
const textOf = async (element: Locator) => ((await element.textContent()) ?? '').trim();

const focusOn = (page: Page, text: string) => page.locator(':focus', { hasText: new RegExp(`^${text}$`) });

async function buy(sid: number, buyer: string): Promise<{ status: number; orderNo: string }> {
  const { status, body } = await callApi(url, `/api/v1/stocks/${sid}/orders`, { as: buyer, body: {} });
  return { status, orderNo: String(body.orderNo) };
}

async function stockRow(sid: number) {
  return servers.mysql('stock').where({ id: sid }).first();
}

t.test('the figures follow a sale', async (t) => {
  const sid = await createTestStock(servers.mysql, { name: 'A lamp', count: 30 });
  const { page, complaints } = await openPage(t, browser, { viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}/console#live`);
  await page.getByLabel('Stock', { exact: true }).selectOption(String(sid));
  await figure(page, 'left').getByText('of 30').waitFor();
  await page.locator('.link.is-live').waitFor();
  await keepPicture(page, 'console-at-rest');
  for (let i = 0; i < 60; i += 1) await buy(sid, `sale-${sid}-${i}`);
  // Totals of the received rates: an event that is late on a busy machine misses a part of a second.
  await figure(page, 'confirmed')
    .getByText(/^[23]\d in 2 min$/)
    .waitFor();
  // nginx answers most of them from its cache, and its requests are not counted in this test.
  await figure(page, 'refused')
    .getByText(/^[1-9]\d* in 2 min$/)
    .waitFor();
  await page.locator('.figure.is-left b', { hasText: /^0$/ }).waitFor();
  await page.getByText('Latest figures as a table').click();
  const table = panel(page, 'Answers per second').locator('table');
  t.match(await textOf(table.locator('thead')), 'Confirmed');
  t.ok((await table.locator('tbody tr').count()) >= 2);
  await page.getByRole('button', { name: /^Refused/ }).click();
  t.equal(await page.getByRole('button', { name: /^Refused/ }).getAttribute('aria-pressed'), 'false');
  await page.getByRole('button', { name: '5 min' }).click();
  await figure(page, 'confirmed')
    .getByText(/^[23]\d in 5 min$/)
    .waitFor();
  await checkPage(t, page, complaints());
  await keepPicture(page, 'console-in-sale');
});

t.test('each order is confirmed once, and the parts of the funnel add up to all requests', async (t) => {
  const figures = await playLiveFigures(t);
  const { page } = await openPage(t, browser, { viewport: { width: 1440, height: 900 } });
  await figures.serve(page);
  // 50 units, 16 of them answered twice; the figures of a second, sent once a second.
  const answers = { created: 66, duplicate: 4, refused: 200, limited: 30, pending: 3, notOpen: 7, busy: 2, errors: 1 };
  figures.override({
    perSecond: { requests: 314, confirmed: 50, ...answers, other: 1 },
    turnedAway: { nginxLimit: 20, nginxCache: 150, limiter: 10, soldOut: 30, log: 25 },
  });
  await page.goto(`${url}/console#live`);
  const funnel = panel(page, 'Where requests ended');
  await funnel.locator('.is-confirmed .funnel-total', { hasText: /^[1-9]/ }).waitFor();
  const [arrived, ...ended] = (await funnel.locator('.funnel-total').allTextContents()).map((text) =>
    Number(text.replaceAll(',', '')),
  );
  t.ok((arrived ?? 0) >= 314);
  t.equal(
    ended.reduce((sum, n) => sum + n),
    arrived,
  );
  const [had = 0, confirmed = 0] = [ended.at(-4), ended.at(-1)];
  t.equal(Math.round((had / confirmed) * 50), 20, 'repeated or existing orders');
  t.same(await findBarriers(page), []);
  await keepPicture(page, 'console-funnel', true);
});

t.test('after a lost connection the last figures stay, with their time; a silent process is marked', async (t) => {
  const figures = await playLiveFigures(t);
  const { page } = await openPage(t, browser);
  await figures.serve(page);
  await page.goto(`${url}/console#live`);
  await page.locator('.link.is-live').waitFor();
  const silent = { name: 'provider-7', kind: 'provider', ageMs: 4200, cpu: 0, memoryMb: 80 } as const;
  figures.override({ processes: [{ ...silent, eventLoopMs: null, partitions: null }], undecided: 77 });
  await panel(page, 'Processes').getByText('silent for 4 s').waitFor();
  figures.cut();
  await page.getByText(/^Connection lost. Figures from \d\d:\d\d:\d\d$/).waitFor();
  t.match(await textOf(figure(page, 'pending')), 'pending orders: 77');
  t.same(await findBarriers(page), []);
  await keepPicture(page, 'console-lost');
  figures.open();
  await page.locator('.link.is-live').waitFor();
});

t.test('all errors of a new stock are shown at once, beside their fields', async (t) => {
  const { page, complaints } = await openPage(t, browser, { viewport: { width: 1440, height: 900 } });
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/admin/stocks')) sent.push(request.url());
  });
  await page.goto(`${url}/console#stocks`);
  const form = panel(page, 'New stock');
  await form.getByLabel('Units').fill('-5');
  await form.getByLabel('Price').fill('1.999');
  await form.getByLabel('Currency').fill('yuan');
  // An incomplete time has an empty value, which must not mean "immediately".
  await form.getByLabel('Opens').focus();
  await page.keyboard.type('01');
  await form.getByRole('button', { name: 'Create' }).click();
  const wrong: [id: string, text: string][] = [
    ['new-name', 'Must not be empty'],
    ['new-count', 'At least 0'],
    ['new-price', 'At most 2 decimals in this currency'],
    ['new-currency', 'Three capital letters, such as CNY'],
    ['new-opens', 'Enter a complete date and time'],
  ];
  for (const [id, text] of wrong) {
    await page.locator(`#${id}-error`).waitFor();
    t.equal(await textOf(page.locator(`#${id}-error`)), text);
    t.equal(await page.locator(`#${id}`).getAttribute('aria-invalid'), 'true');
    t.match(await page.locator(`#${id}`).getAttribute('aria-describedby'), `${id}-error`);
  }
  await page.locator('#new-name:focus').waitFor();
  t.same(sent, [], 'nothing is sent while there are errors');
  await checkPage(t, page, complaints());
  await keepPicture(page, 'console-wrong-fields', true);
  await form.getByLabel('Currency').fill('JPY');
  await form.getByLabel('Price').fill('10.5');
  await form.getByRole('button', { name: 'Create' }).click();
  await page.locator('#new-price-error', { hasText: 'No decimals in this currency' }).waitFor();
});

t.test('a skipped time is an error, and of a repeated time the first occurrence is used', async (t) => {
  const { page } = await openPage(t, browser, { timezoneId: 'Europe/Berlin' });
  await page.goto(`${url}/console#stocks`);
  const form = panel(page, 'New stock');
  await form.getByLabel('Name').fill('A night lamp');
  await form.getByLabel('Opens (Europe/Berlin)').fill('2031-03-30T02:30:00');
  await form.getByRole('button', { name: 'Create' }).click();
  await page
    .locator('#new-opens-error', { hasText: 'This time does not exist: the clock change skips to 2031-03-30 03:30' })
    .waitFor();
  await form.getByLabel('Opens (Europe/Berlin)').fill('2031-10-26T02:30:00');
  await page.locator('#new-opens-hint', { hasText: 'The first occurrence is used' }).waitFor();
  await form.getByRole('button', { name: 'Create' }).click();
  const sid = Number(/\d+/.exec(await textOf(form.getByText(/^Stock \d+ created/)))?.[0]);
  t.equal((await stockRow(sid))?.opens_at.toISOString(), '2031-10-26T00:30:00.000Z');
});

t.test('a stock is created, opened, paused, topped up and changed, and the focus stays', async (t) => {
  const { page, complaints } = await openPage(t, browser, { viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}/console#stocks`);
  const form = panel(page, 'New stock');
  await form.getByLabel('Name').fill('A tea set');
  await form.getByLabel('Units').fill('10');
  await form.getByLabel('Price').fill('49.5');
  await form.getByLabel('Opens').fill('2031-01-02T10:00:00');
  await form.getByRole('button', { name: 'Create' }).click();
  const created = await textOf(form.getByText(/^Stock \d+ created/));
  const sid = Number(/\d+/.exec(created)?.[0]);
  t.match(await stockRow(sid), { name: 'A tea set', count: 10, price_cents: 4950, currency: 'CNY' });
  await focusOn(page, 'Create').waitFor();

  const chosen = panel(page, /A tea set/);
  await chosen.getByText('upcoming', { exact: true }).waitFor();
  await chosen.getByRole('button', { name: 'Pause' }).click();
  await chosen.getByRole('button', { name: 'Resume' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: `${sid} A tea set` }).click();
  await chosen.getByRole('button', { name: 'Resume' }).click();
  await chosen.getByRole('button', { name: 'Pause' }).waitFor();
  await focusOn(page, 'Pause').waitFor();
  await chosen.getByRole('button', { name: 'Open now' }).click();
  await chosen.getByText('open', { exact: true }).waitFor();
  await focusOn(page, 'Pause').waitFor();
  t.equal((await buy(sid, 'ann')).status, 201);
  await chosen.locator('.gauge b', { hasText: /^9$/ }).waitFor();
  await page.keyboard.press('Enter');
  await chosen.getByText('paused', { exact: true }).waitFor();
  await chosen.getByRole('button', { name: 'Resume' }).waitFor();
  t.ok((await stockRow(sid))?.paused);
  await focusOn(page, 'Resume').waitFor();
  await page.keyboard.press('Enter');
  await chosen.getByText('open', { exact: true }).waitFor();

  const topUp = chosen.getByLabel('Units to add');
  await chosen.getByRole('button', { name: 'Top up' }).click();
  await page.locator('#top-up-error', { hasText: 'Must not be empty' }).waitFor();
  await topUp.fill('-1000');
  await chosen.getByRole('button', { name: 'Top up' }).click();
  await page.locator('#top-up-error', { hasText: 'More than are left: nothing was changed' }).waitFor();
  t.equal((await stockRow(sid))?.count, 10);
  await topUp.fill('5');
  await chosen.getByRole('button', { name: 'Top up' }).click();
  await chosen.getByText('of 15').waitFor();
  await focusOn(page, 'Top up').waitFor();
  t.equal((await stockRow(sid))?.count, 15);

  await chosen.getByText('Change name, price or times').click();
  await chosen.getByLabel('Price (CNY)').fill('39.999');
  await chosen.getByLabel('Closes').fill('2030-01-01T00:00:00');
  await chosen.getByRole('button', { name: 'Save' }).click();
  await page.locator('#edit-price-error', { hasText: 'At most 2 decimals' }).waitFor();
  await chosen.getByLabel('Name').fill('A tea set, blue');
  await chosen.getByLabel('Price (CNY)').fill('39.99');
  await chosen.getByRole('button', { name: 'Save' }).click();
  await panel(page, /A tea set, blue/)
    .getByText('Saved.')
    .waitFor();
  t.match(await stockRow(sid), { name: 'A tea set, blue', price_cents: 3999 });
  await checkPage(t, page, complaints(/400|409/));
  await keepPicture(page, 'console-stocks', true);
});

t.test('a sale is closed after a confirmation; Escape and Cancel keep it open', async (t) => {
  const sid = await createTestStock(servers.mysql, { name: 'A table', count: 4 });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(`${url}/console#stocks`);
  await page.getByRole('button', { name: `${sid} A table` }).click();
  const chosen = panel(page, /A table/);
  const close = chosen.getByRole('button', { name: 'Close', exact: true });
  const question = page.getByRole('dialog', { name: 'Close the sale of A table?' });
  await close.click();
  await question.getByText('4 of 4 units are unsold').waitFor();
  await focusOn(page, 'Cancel').waitFor();
  await checkPage(t, page, complaints());
  await keepPicture(page, 'console-close');
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  await focusOn(page, 'Close').waitFor();
  await page.keyboard.press('Enter');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  t.equal((await stockRow(sid))?.closes_at, null);
  t.equal((await buy(sid, 'ann')).status, 201);
  await close.click();
  await question.getByRole('button', { name: 'Close the sale' }).click();
  await chosen.getByText('closed', { exact: true }).waitFor();
  t.equal((await buy(sid, 'ben')).status, 409);
  await focusOn(page, 'Reopen').waitFor();
});

t.test('a stock without orders is removed after a confirmation, and one with orders is hidden', async (t) => {
  const mistaken = await createTestStock(servers.mysql, { name: 'A mistake' });
  const sid = await createTestStock(servers.mysql, { name: 'A chair' });
  await buy(sid, `ann-${sid}`);
  const { page, complaints } = await openPage(t, browser);
  await page.goto(`${url}/console#stocks`);
  await page.getByRole('button', { name: `${mistaken} A mistake` }).click();
  await panel(page, /A mistake/)
    .getByRole('button', { name: 'Remove' })
    .click();
  const question = page.getByRole('dialog', { name: `Remove ${mistaken} · A mistake?` });
  await checkPage(t, page, complaints());
  await question.getByRole('button', { name: 'Remove the stock' }).click();
  await page.getByRole('button', { name: `${mistaken} A mistake` }).waitFor({ state: 'detached' });
  t.equal(await stockRow(mistaken), undefined);

  await page.getByRole('button', { name: `${sid} A chair` }).click();
  const chosen = panel(page, /A chair/);
  await chosen.getByRole('button', { name: 'Hide' }).click();
  await chosen.getByRole('button', { name: 'Show' }).waitFor();
  t.equal(await chosen.getByRole('button', { name: 'Remove' }).count(), 0);
  t.equal((await stockRow(sid))?.hidden, 1);
  // The console may have read the stock while it was being removed.
  await checkPage(t, page, complaints(new RegExp(`404 .*/stocks/${mistaken}$`)));
});

t.test('an audit shows its checks and marks the failed ones', async (t) => {
  const sid = await createTestStock(servers.mysql, { name: 'A cup', count: 3 });
  for (const buyer of ['kim', 'lea', 'max', 'nina']) await buy(sid, `${buyer}-${sid}`);
  const { page } = await openPage(t, browser);
  await page.goto(`${url}/console#stocks`);
  await page.getByRole('button', { name: `${sid} A cup` }).click();
  const audit = panel(page, 'Audit');
  await audit.getByRole('button', { name: 'Run audit' }).click();
  await audit.getByText('All checks passed').waitFor();
  t.equal(await audit.locator('.checks .state.is-good').count(), 12);
  await servers.mysql('stock').where({ id: sid }).update({ units_changed_at: new Date() });
  await audit.getByRole('button', { name: 'Run audit' }).click();
  await audit.getByText('No check failed; not checked: 2').waitFor();
  const notChecked = audit.locator('.checks li', { hasText: 'not checked' });
  t.match(await textOf(notChecked.first()), /Not undersold\s*not checked: units were added or removed/);
  t.equal(await audit.locator('.checks .state.is-good').count(), 10);
  await servers.mysql('stock').where({ id: sid }).decrement('sale', 1);
  await audit.getByRole('button', { name: 'Run audit' }).click();
  await audit.getByText(/^Failed checks: \d/).waitFor();
  t.match(await textOf(audit.locator('.checks .is-broken').first()), /failed\s*Not oversold\s*3 active orders, 2 sold/);
  t.same(await findBarriers(page), []);
  await keepPicture(page, 'console-audit', true);
});

t.test('the trace of an order shows every step', async (t) => {
  const sid = await createTestStock(servers.mysql, { name: 'A plant' });
  const { orderNo } = await buy(sid, `ann-${sid}`);
  const { page } = await openPage(t, browser);
  await page.goto(`${url}/console#stocks`);
  await page.getByRole('button', { name: `${sid} A plant` }).click();
  await panel(page, 'Orders').getByRole('link', { name: orderNo }).click();
  const trace = panel(page, 'One order');
  await trace.locator('.hops tbody tr').first().waitFor();
  const cells = (row: number) => trace.locator('.hops tbody tr').nth(row).locator('th, td').allTextContents();
  t.match(await cells(1), [
    'Appended to the log',
    /^\d\d:\d\d:\d\d\.\d{3}$/,
    /^\+\d/,
    /^\+\d/,
    /.*/,
    /^partition \d+, offset \d+, place \d+$/,
  ]);
  t.match(await cells(4), ['Paid', 'not yet']);
  t.equal(await trace.locator('.hop').count(), 4);
  t.same(await findBarriers(page), []);
  await keepPicture(page, 'console-trace', true);
  await trace.getByLabel('Order number').fill('nonsense');
  await trace.getByRole('button', { name: 'Show' }).click();
  await trace.getByText('Order not found.').waitFor();
  t.equal(new URL(page.url()).hash, '#trace/nonsense');
});

t.test('the trace shows the payments and refunds of an order', async (t) => {
  const sid = await createTestStock(servers.mysql, { name: 'A vase' });
  const { orderNo } = await buy(sid, `vera-${sid}`);
  const row = { order_no: orderNo, amount_cents: 1999, currency: 'CNY', paid_cents: 1999, paid_currency: 'CNY' };
  const late = { payment_id: 'pay-late', state: 'refund_due', reason: 'the order had expired', paid_at: new Date() };
  await servers.mysql('payment').insert({ ...row, ...late });
  const failed = { refund_failure: 'the card is closed', dispute: 'needs_response', create_time: new Date() };
  await servers.mysql('payment').insert({ ...row, ...late, payment_id: 'pay-later', ...failed });
  const { page } = await openPage(t, browser);
  await page.goto(`${url}/console#trace/${orderNo}`);
  const cells = page.locator('table.payments tbody tr').locator('th, td');
  await cells.first().waitFor();
  t.match(await cells.allTextContents(), [
    'pay-late',
    'refund in progress',
    /19\.99/,
    /\d/,
    '–',
    'the order had expired',
    '–',
    'pay-later',
    'refund failed',
    /19\.99/,
    /\d/,
    '–',
    'the order had expired: the card is closed',
    'needs_response',
  ]);
  t.same(await findBarriers(page), []);
});

t.test('a long audit shows its progress and can be cancelled', async (t) => {
  const sid = await createTestStock(servers.mysql, { name: 'A box' });
  const { page } = await openPage(t, browser);
  let state = 'running';
  await page.route(`**/api/v1/admin/stocks/${sid}/audit`, (route) => {
    if (route.request().method() === 'DELETE') state = 'cancelled';
    const job = { sid, state, checksDone: 4, checksTotal: 11, ok: null, checks: [], error: null };
    return route.fulfill({ status: 200, json: job });
  });
  await page.goto(`${url}/console#stocks`);
  await page.getByRole('button', { name: `${sid} A box` }).click();
  const audit = panel(page, 'Audit');
  await audit.getByRole('button', { name: 'Run audit' }).click();
  await audit.getByText(`Stock ${sid}: 4 of 11 checks`).waitFor();
  await audit.getByRole('button', { name: 'Cancel audit' }).click();
  await audit.getByText('Audit cancelled.').waitFor();
  t.equal(state, 'cancelled');
});

t.test('the action log lists actions with their users', async (t) => {
  const sid = await createTestStock(servers.mysql, { name: 'A kettle' });
  const change = { method: 'PATCH', body: { paused: true } };
  await callApi(url, `/api/v1/admin/stocks/${sid}`, { as: 'admin', ...change });
  const { page, complaints } = await openPage(t, browser);
  await page.goto(`${url}/console`);
  await page.getByRole('link', { name: 'Actions' }).click();
  const cells = panel(page, 'Action log')
    .locator('tbody tr', { hasText: String(sid) })
    .locator('td');
  await cells.first().waitFor();
  t.match(await cells.allTextContents(), [/\d\d:\d\d/, 'admin', 'Changed a stock paused: true', String(sid)]);
  await checkPage(t, page, complaints());
  await keepPicture(page, 'console-actions');
});

t.test('a refused demo token of an administrator is replaced', async (t) => {
  const { page } = await openPage(t, browser);
  await page.goto(`${url}/console#arena`);
  await page.locator('.user-name').waitFor();
  const name = await textOf(page.locator('.user-name'));
  await page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem('flash-sale.admin') ?? '{}');
    localStorage.setItem('flash-sale.admin', JSON.stringify({ ...kept, token: `${kept.token}x` }));
  });
  await page.reload();
  await waitUntil(
    'the token to be replaced',
    async () => {
      const kept = await page.evaluate(() => localStorage.getItem('flash-sale.admin'));
      if (!kept || JSON.parse(kept).token.endsWith('x')) throw new Error('still the old token');
    },
    { limitMs: 10_000 },
  );
  t.equal(await textOf(page.locator('.user-name')), name);
});
