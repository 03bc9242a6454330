import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Test } from 'tap';
import { root } from '../../local/set-up/set-up.mjs';
import { launchChromium } from '../../local/system/launch-chromium.ts';

const TIMEOUT_MS = 30_000;
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 900 };

const pictures = path.join(root, '.local', 'reports', 'pages');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A headless Chromium, closed with the test. */
export async function startBrowser(t: Test): Promise<Browser> {
  const browser = await launchChromium();
  if (!browser) throw new Error('Chromium is not installed');
  t.teardown(() => browser.close());
  return browser;
}

// Measures layout shifts without a click, and the largest paint.
const MEASURE = `
  globalThis.measured = { shift: 0, largestPaintMs: 0 };
  const watch = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  watch('layout-shift', ({ value, hadRecentInput }) => { if (!hadRecentInput) measured.shift += value; });
  watch('largest-contentful-paint', ({ startTime }) => { measured.largestPaintMs = startTime; });
`;

export type OpenedPage = {
  page: Page;
  /** Errors and warnings of the console so far, except `expected` lines and answers of a busy machine. */
  complaints(expected?: RegExp): string[];
  /** Bytes received over the wire so far for files of the page, headers included. Answers of the API are not counted. */
  receivedBytes(): number;
};

type PageOptions = BrowserContextOptions & { phone?: boolean };

/** Opens a page in a context of its own: tests share no storage. */
export async function openPage(
  t: Test,
  browser: Browser,
  { phone = false, ...options }: PageOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: phone ? PHONE : DESKTOP, locale: 'en-GB', ...options });
  context.setDefaultTimeout(TIMEOUT_MS);
  t.teardown(() => context.close());
  await context.addInitScript({ content: MEASURE });
  return watchPage(await context.newPage());
}

/** Pages repeat such a request. */
const BUSY = /the server responded with a status of 50[34] /;

/** Records errors and received bytes. A violated policy is a console error too. */
export async function watchPage(page: Page): Promise<OpenedPage> {
  const lines: string[] = [];
  let bytes = 0;
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      lines.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => lines.push(String(error.stack)));
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const apiCalls = new Set<string>();
  network.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (new URL(request.url).pathname.startsWith('/api/')) apiCalls.add(requestId);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!apiCalls.has(requestId)) bytes += encodedDataLength;
  });
  return {
    page,
    complaints: (expected) => lines.filter((line) => !BUSY.test(line) && !expected?.test(line)),
    receivedBytes: () => bytes,
  };
}

// The contrast is checked after all transitions have ended.
const UNTIL_STILL = `
  Promise.allSettled(
    document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime < Infinity).map(({ finished }) => finished),
  )
`;

export type Measured = { shift: number; largestPaintMs: number };

export function readMeasured(page: Page): Promise<Measured> {
  return page.evaluate(() => (globalThis as unknown as { measured: Measured }).measured);
}

type AxeResult = { violations: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }[] };

/** Violations of WCAG 2.2 AA and best practices that axe finds. The page's policy stays in force. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(UNTIL_STILL);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResult> } }).axe.run(),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help} ${target.join(' ')} ${failureSummary}`),
  );
}

/** Asserts that the page is accessible, has no `complaints`, and is not wider than the screen. `what`: names it in the messages. */
export async function checkPage(t: Test, page: Page, complaints: string[] = [], what = 'the page'): Promise<void> {
  t.same(await findBarriers(page), [], what);
  t.same(complaints, [], what);
  t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${what} fits the screen`);
}

/** Saves a screenshot under .local/reports/pages/. */
export async function keepPicture(page: Page, name: string, fullPage = false): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage });
}
