import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Test } from 'tap';
import { findChromium } from '../../local/set-up/find-program.mjs';
import { root } from '../../local/set-up/set-up.mjs';

const PATIENCE_MS = 15_000;
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 900 };

const pictures = path.join(root, '.local', 'reports', 'pages');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A real Chromium without a window, closed with the test. */
export async function startBrowser(t: Test): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('Chromium is not installed');
  // Its sandbox does not work for root, as whom tests run in containers. It sees pages of ours only.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args });
  t.teardown(() => browser.close());
  return browser;
}

// Shifts that no click explains, and the largest paint, from the first moment on.
const MEASURE = `
  globalThis.measured = { shift: 0, largestPaintMs: 0 };
  const watch = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  watch('layout-shift', ({ value, hadRecentInput }) => { if (!hadRecentInput) measured.shift += value; });
  watch('largest-contentful-paint', ({ startTime }) => { measured.largestPaintMs = startTime; });
`;

export type OpenedPage = {
  page: Page;
  /** What the console complained of so far; `expected` lines are left out. */
  complaints(expected?: RegExp): string[];
  /** Bytes that came over the wire for the page so far, heads included. */
  receivedBytes(): number;
};

type PageRequest = BrowserContextOptions & { phone?: boolean };

/** A browser's window of its own: nothing is kept from one test to the next. */
export async function openPage(
  t: Test,
  browser: Browser,
  { phone = false, ...options }: PageRequest = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: phone ? PHONE : DESK, locale: 'en-GB', ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  t.teardown(() => context.close());
  await context.addInitScript({ content: MEASURE });
  return watchPage(await context.newPage());
}

/** What went wrong in it and what it cost. A violated policy is an error of the console too. */
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
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  return {
    page,
    complaints: (expected) => lines.filter((line) => !expected?.test(line)),
    receivedBytes: () => bytes,
  };
}

// A colour on its way from one to another has a contrast that nobody has to read.
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

/** What axe finds wrong by WCAG 2.2 AA and its best practices. It comes past the page's policy, which stays as it is. */
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

/** Kept under .local/reports/pages/, to be looked at. */
export async function keepPicture(page: Page, name: string, fullPage = false): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage });
}
