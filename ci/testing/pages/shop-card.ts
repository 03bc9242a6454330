import type { Locator, Page } from 'playwright-core';

/** The card of a stock in the shop. */
export const card = (page: Page, sid: number): Locator => page.locator(`#stock-${sid}`);

/** Its big button. */
export const big = (page: Page, sid: number): Locator => card(page, sid).locator('.big');

/** Resolves when the big button shows this text. */
export const saying = (page: Page, sid: number, text: string | RegExp): Promise<void> =>
  big(page, sid).filter({ hasText: text }).waitFor();

/** The number of the displayed order. */
export const orderNoOf = (page: Page, sid: number): Promise<string | null> =>
  card(page, sid).locator('[data-order]').getAttribute('data-order');

/** The token of the page's buyer. */
export const tokenOf = (page: Page): Promise<string> =>
  page.evaluate(() => JSON.parse(localStorage.getItem('flash-sale.buyer') ?? '{}').token);
