import type { Page } from 'playwright-core';
import t from 'tap';
import { readConfig } from '../../ops/experiments/config.ts';
import { startRunner } from '../../ops/experiments/runner.ts';
import { findBarriers, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';
import { asKind } from '../../testing/servers/test-redis.ts';
import { silentLogger } from '../../testing/silent-logger.ts';

// The ladder's ways against each other, run by the real runner and watched in a real browser.

const { url, servers, provider } = await startTestShop(t);
const browser = await startBrowser(t);

const panel = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });
const way = (page: Page, name: string) => page.locator(`.way.is-${name} input`);

async function openArena(page: Page): Promise<void> {
  await page.goto(`${url}/console#arena`);
  await way(page, 'wrong').waitFor();
}

t.test('without a runner the arena says so, and so it does where the ladder is off', async (t) => {
  const { page } = await openPage(t, browser);
  await openArena(page);
  await page.getByText('No runner is up').waitFor();
  await panel(page, 'Race').getByText('No experiment yet').waitFor();
  await panel(page, 'Arena').getByRole('button', { name: 'Run' }).click();
  await page.getByText('No runner is up').waitFor();
  t.same(await findBarriers(page), []);
  const not_found = { code: 'not_found', status: 404, title: 'Not found', detail: '' };
  await page.route('**/api/v1/admin/experiments', (route) => route.fulfill({ status: 404, json: not_found }));
  await page.reload();
  await page.getByText('this shop runs without LADDER=on').waitFor();
  t.ok(await panel(page, 'Arena').getByRole('button', { name: 'Run' }).isDisabled());
});

t.test('ways race, the wrong one oversells, and the winner sold each unit once', async (t) => {
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
  for (const name of ['optimistic', 'optimisticLimit', 'optimisticLimitRedis']) await way(page, name).uncheck();
  await page.getByLabel('Buyers').fill('many');
  await page.getByLabel('Units').fill('20');
  await panel(page, 'Arena').getByRole('button', { name: 'Run' }).click();
  await page.locator('#race-buyers-error', { hasText: 'Must be a whole number' }).waitFor();
  await page.getByLabel('Buyers').fill('150');
  await panel(page, 'Arena').getByRole('button', { name: 'Run' }).click();
  const race = panel(page, 'Race');
  await race.locator('.lane-running').first().waitFor();
  t.ok(await page.getByRole('button', { name: 'Running …' }).isDisabled(), 'one at a time');
  await race.locator('.lane-done').first().waitFor();
  await keepPicture(page, 'console-arena-racing', true);
  await race.getByRole('button', { name: 'Watch the race again' }).waitFor({ timeout: 60_000 });

  t.same(await race.locator('.lane-head b').allTextContents(), ['Wrong', 'Pessimistic', 'The log']);
  t.match(await race.locator('.is-wrong .lane-verdict').textContent(), /^oversold by \d+$/);
  t.equal(await race.locator('.is-pessimistic .lane-verdict').textContent(), 'exact');
  t.equal(await race.locator('.lane.is-winner').count(), 1);
  t.match(await race.locator('.is-wrong .why').textContent(), /\w{3,}/);
  t.equal(await panel(page, 'Orders over time').locator('.legend .key').count(), 4);
  t.same(await findBarriers(page), []);
  t.same(complaints(/400/), []);
  await keepPicture(page, 'console-arena-done', true);

  await race.getByRole('button', { name: 'Watch the race again' }).click();
  await race.getByRole('button', { name: 'Stop' }).waitFor();
  await keepPicture(page, 'console-arena-replay', true);
  await race.getByRole('button', { name: 'Stop' }).click();

  // Whoever comes back finds it.
  await page.reload();
  await race.locator('.lane.is-winner').waitFor();
  const conflict = { code: 'conflict', status: 409, title: 'Conflicts with the current state', detail: '' };
  await page.route('**/api/v1/admin/experiments', (route) =>
    route.request().method() === 'POST' ? route.fulfill({ status: 409, json: conflict }) : route.continue(),
  );
  await panel(page, 'Arena').getByRole('button', { name: 'Run' }).click();
  await page.getByText('Another experiment is under way').waitFor();
});
