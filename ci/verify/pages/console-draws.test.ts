import type { Page } from 'playwright-core';
import t from 'tap';
import { callApi } from '../../testing/clients/call-api.ts';
import { TEST_DRAW_KEY } from '../../testing/draws/create-test-draw.ts';
import { checkPage, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// The console creates a line and shows how far its draw is.

const { url } = await startTestShop(t, { DRAWS: 'on', DRAW_KEY: TEST_DRAW_KEY });
const browser = await startBrowser(t);

const panel = (page: Page, title: string | RegExp) => page.getByRole('region', { name: title }).first();

/** As a datetime-local field has it. */
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19);

t.test('a line is created with its times, and its panel follows entries, statement and places', async (t) => {
  const { page, complaints } = await openPage(t, browser, {
    viewport: { width: 1440, height: 1400 },
    timezoneId: 'UTC',
  });
  await page.goto(`${url}/console#stocks`);
  const form = panel(page, 'New stock');
  await form.getByLabel('Name').fill('Studio headphones');
  await form.getByLabel('Units').fill('2');
  t.equal(await form.getByLabel('Entries open').count(), 0, 'a rush has no entries');
  await form.getByLabel('Mode').selectOption('line');
  await form.getByRole('button', { name: 'Create' }).click();
  await form.getByText('Must not be empty').nth(2).waitFor();
  await checkPage(t, page, complaints());
  await form.getByLabel('Entries open').fill(inSeconds(-60));
  await form.getByLabel('Entries close').fill(inSeconds(40));
  await form.getByLabel('Opens').fill(inSeconds(30));
  await form.getByLabel('Closes').fill(inSeconds(7200));
  await form.getByRole('button', { name: 'Create' }).click();
  await form.getByText('Must be after entries close').waitFor();
  await form.getByLabel('Opens').fill(inSeconds(45));
  await form.getByRole('button', { name: 'Create' }).click();
  const created = form.getByText(/Stock \d+ created/);
  await created.waitFor();
  const sid = /\d+/.exec((await created.textContent()) ?? '')?.[0];
  for (const as of ['ann', 'bob', 'cat', 'dan']) {
    const { status } = await callApi(`${url}/api/v1`, `/stocks/${sid}/entry`, { as, method: 'POST' });
    t.equal(status, 201);
  }
  await callApi(`${url}/api/v1`, `/stocks/${sid}/entry/leave`, { as: 'dan', method: 'POST' });
  const draw = panel(page, 'Draw and line');
  const fact = (name: string) => draw.locator('dl div', { has: page.getByText(name, { exact: true }) }).locator('dd');
  await fact('Waiting').filter({ hasText: /^3$/ }).waitFor();
  await fact('Left').filter({ hasText: /^1$/ }).waitFor();
  await fact('Reaches at most')
    .filter({ hasText: /^\d+ people/ })
    .waitFor();
  await checkPage(t, page, complaints());
  await keepPicture(page, 'console-draw-taking');
  await draw.getByText('drawn', { exact: true }).waitFor({ timeout: 90_000 });
  await fact('Places offered')
    .filter({ hasText: /^2 of / })
    .waitFor({ timeout: 30_000 });
  await fact('Root')
    .filter({ hasText: /^[0-9a-f]{64}$/ })
    .waitFor();
  await checkPage(t, page, complaints());
  await keepPicture(page, 'console-draw-drawn');
});
