import type { Page, Route } from 'playwright-core';
import type { Stock } from '../../../consumer/pages/stock.ts';
import type { Draw, Entry } from '../../../consumer/pages/storefront/draws/draw-types.ts';

export type PlayedDraw = {
  stock: Pick<Stock, 'mode' | 'line' | 'entriesOpenAt' | 'entriesCloseAt'> & Partial<Stock>;
  /** Null: 404. */
  draw: Draw | null;
  entry: Entry | null;
};

/**
 * Gives one page chosen answers about the draw of a real stock: a draw with a beacon takes hours. What `played` holds at the time of a
 * request is answered. Everything else is the shop's.
 */
export async function playDraw(page: Page, sid: number, played: PlayedDraw): Promise<void> {
  const own = (stock: Stock) => (stock.sid === String(sid) ? Object.assign(stock, played.stock) : stock);
  const answer = (route: Route, body: object | null, code: string) =>
    route.fulfill({
      status: body === null ? 404 : 200,
      contentType: body === null ? 'application/problem+json' : 'application/json',
      headers: { 'retry-after': '1' },
      body: JSON.stringify(body ?? { code, status: 404, title: code }),
    });
  await page.route(/\/api\/v1\/stocks(\?.*)?$/, async (route) => {
    const response = await route.fetch();
    const { stocks, nextCursor } = (await response.json()) as { stocks: Stock[]; nextCursor: string | null };
    await route.fulfill({ response, json: { stocks: stocks.map(own), nextCursor } });
  });
  // Its stream would give the real state.
  await page.route(`**/api/v1/stocks/${sid}/events`, (route) => route.abort());
  await page.route(`**/api/v1/stocks/${sid}/draw`, (route) => answer(route, played.draw, 'no_draw'));
  await page.route(`**/api/v1/stocks/${sid}/entry`, (route) => answer(route, played.entry, 'entry_not_found'));
}
