import type { Page } from 'playwright-core';
import t from 'tap';
import { readConfig } from '../../measure/experiments/config.ts';
import { startRunner } from '../../measure/experiments/runner.ts';
import { findBarriers, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';
import { asKind } from '../../testing/servers/test-redis.ts';
import { silentLogger } from '../../testing/silent-logger.ts';

// The strategies of the ladder, run by the real runner and shown in a real browser.

const { url, servers, provider } = await startTestShop(t);
const browser = await startBrowser(t);

const panel = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });
const strategy = (page: Page, name: string) => page.locator(`.strategy.is-${name} input`);

async function openArena(page: Page): Promise<void> {
  await page.goto(`${url}/console#arena`);
  await strategy(page, 'wrong').waitFor();
}

t.test('the arena reports a missing runner and a disabled ladder', async (t) => {
  const { page } = await openPage(t, browser);
  await openArena(page);
  await page.getByText('No runner is available').waitFor();
  await panel(page, 'Race').getByText('No experiments yet').waitFor();
  await panel(page, 'Arena').getByRole('button', { name: 'Run' }).click();
  await page.getByText('No runner is available').waitFor();
  t.same(await findBarriers(page), []);
  const not_found = { code: 'not_found', status: 404, title: '', detail: '' };
  await page.route('**/api/v1/admin/experiments', (route) => route.fulfill({ status: 404, json: not_found }));
  await page.reload();
  await page.getByText('this shop runs without LADDER=on').waitFor();
  t.ok(await panel(page, 'Arena').getByRole('button', { name: 'Run' }).isDisabled());
});

t.test('the wrong strategy oversells, and the winner sells each unit once', async (t) => {
  const { redisUrl, mysqlUrl } = servers;
  const PROVIDERS = `127.0.0.1:${provider}`;
  const settings = {
    NODE_ENV: 'test',
    SYSTEM_URL: url,
    PROVIDERS,
    MYSQL_URL: mysqlUrl,
    REDIS_URL: asKind('experiments', redisUrl),
  };
  const runner = await startRunner(readConfig(settings), 'experiments', silentLogger);
  t.teardown(() => runner.close());
  const { page, complaints } = await openPage(t, browser, { viewport: { width: 1440, height: 900 } });
  await openArena(page);
  for (const name of ['optimistic', 'optimisticLimit', 'optimisticLimitRedis']) await strategy(page, name).uncheck();
  await page.getByLabel('Buyers').fill('many');
  // Few, so that a busy machine sells them too.
  await page.getByLabel('Units').fill('5');
  await panel(page, 'Arena').getByRole('button', { name: 'Run' }).click();
  await page.locator('#race-buyers-error', { hasText: 'Must be a whole number' }).waitFor();
  await page.getByLabel('Buyers').fill('80');
  await panel(page, 'Arena').getByRole('button', { name: 'Run' }).click();
  const race = panel(page, 'Race');
  await race.locator('.lane-running').first().waitFor();
  t.ok(await page.getByRole('button', { name: 'Running…' }).isDisabled(), 'only one runs at a time');
  await race.locator('.lane-done').first().waitFor();
  await keepPicture(page, 'console-arena-racing', true);
  await race.getByRole('button', { name: 'Replay' }).waitFor({ timeout: 60_000 });

  t.same(await race.locator('.lane-head b').allTextContents(), ['Wrong', 'Pessimistic', 'The log']);
  t.match(await race.locator('.is-wrong .lane-outcome').textContent(), /^oversold by \d+$/);
  t.equal(await race.locator('.is-pessimistic .lane-outcome').textContent(), 'exact');
  t.equal(await race.locator('.lane.is-winner').count(), 1);
  t.match(await race.locator('.is-wrong .why').textContent(), /\w{3,}/);
  t.equal(await panel(page, 'Orders over time').locator('.legend .key').count(), 4);
  t.same(await findBarriers(page), []);
  t.same(complaints(/400/), []);
  await keepPicture(page, 'console-arena-done', true);

  await race.getByRole('button', { name: 'Replay' }).click();
  await race.getByRole('button', { name: 'Stop' }).waitFor();
  await keepPicture(page, 'console-arena-replay', true);
  await race.getByRole('button', { name: 'Stop' }).click();

  // The result is still there after a reload.
  await page.reload();
  await race.locator('.lane.is-winner').waitFor();
  const conflict = { code: 'conflict', status: 409, title: '', detail: '' };
  await page.route('**/api/v1/admin/experiments', (route) =>
    route.request().method() === 'POST' ? route.fulfill({ status: 409, json: conflict }) : route.continue(),
  );
  await panel(page, 'Arena').getByRole('button', { name: 'Run' }).click();
  await page.getByText('Another experiment is running').waitFor();
});
