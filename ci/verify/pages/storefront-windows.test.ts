import type { Page, Request } from 'playwright-core';
import t from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { callApi } from '../../testing/clients/call-api.ts';
import { openPage, startBrowser } from '../../testing/pages/browser.ts';
import { big, card, saying } from '../../testing/pages/shop-card.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// Several windows of one browser, which share six connections.

const WINDOWS = 4;

const { url, putOnSale } = await startTestShop(t);
const browser = await startBrowser(t);

const isStream = (request: Request) => new URL(request.url()).pathname.endsWith('/events');

t.test('four windows share one stream; another window takes it over; an order gets its connection', async (t) => {
  const sid = await putOnSale({ name: 'A clock', count: 9 });
  const { page } = await openPage(t, browser);
  const context = page.context();
  const open = new Map<Request, Page>();
  context.on('request', (request) => isStream(request) && open.set(request, request.frame().page()));
  context.on('requestfinished', (request) => open.delete(request));
  context.on('requestfailed', (request) => open.delete(request));
  const untilOpen = (count: number) =>
    waitUntil(
      `${count} streams to be open`,
      async () => {
        if (open.size !== count) throw new Error(`${open.size} are open`);
      },
      { limitMs: 15_000 },
    );
  const windows = [page];
  while (windows.length < WINDOWS) windows.push(await context.newPage());
  for (const window of windows) {
    await window.goto(url);
    await saying(window, sid, 'Buy');
  }
  await untilOpen(1);
  // From now on only the stream carries changes.
  await context.route(/\/api\/v1\/stocks(\?.*)?$/, (route) => route.abort());
  const sell = async (as: string, left: number) => {
    await callApi(`${url}/api/v1`, `/stocks/${sid}/orders`, { method: 'POST', as });
    await Promise.all(windows.map((window) => card(window, sid).getByText(`${left} of 9 left`).waitFor()));
  };
  await sell('ann', 8);
  t.equal(open.size, 1);

  const reader = [...open.values()][0];
  windows.splice(windows.indexOf(reader as Page), 1);
  await reader?.close();
  for (const [request, of] of open) if (of === reader) open.delete(request);
  await untilOpen(1);
  await sell('bob', 7);
  t.equal(open.size, 1);

  const [buyer] = windows as [Page];
  // Simulates a wait for a connection.
  await buyer.route(`**/stocks/${sid}/orders`, async (route) => {
    await untilOpen(0);
    await route.continue();
  });
  await big(buyer, sid).click();
  await saying(buyer, sid, 'It’s yours');
  await untilOpen(1);
});
