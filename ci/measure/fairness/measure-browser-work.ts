import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../../local/system/launch-chromium.ts';
import { createWorkChallenges } from './create-work-challenges.ts';

/** Time of a page, in milliseconds. */
export type BrowserWork = { keys: number; ms: number };

// Web Crypto needs a secure context, and a page of localhost is one. Playwright answers its requests.
const ORIGIN = 'http://localhost';
const library = path.dirname(fileURLToPath(import.meta.resolve('altcha-lib')));

const SOLVE = `async (challenge) => {
  const { solveChallenge } = await import('/index.js');
  const { deriveKey } = await import('/algorithms/web/pbkdf2.js');
  const startedMs = performance.now();
  const solution = await solveChallenge({ challenge, deriveKey });
  return { keys: solution.counter + 1, ms: performance.now() - startedMs };
}`;

/** Solves so many challenges of the consumers in a page of Chromium. Null: Chromium is not installed. */
export async function measureBrowserWork(challenges: number): Promise<BrowserWork | null> {
  const browser = await launchChromium();
  if (!browser) return null;
  try {
    const page = await browser.newPage();
    await page.route(`${ORIGIN}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '' });
      const body = await readFile(path.join(library, pathname));
      return route.fulfill({ contentType: 'text/javascript', body });
    });
    await page.goto(`${ORIGIN}/`);
    const total = { keys: 0, ms: 0 };
    for (const challenge of await createWorkChallenges(challenges)) {
      const { keys, ms } = await page.evaluate<BrowserWork>(`(${SOLVE})(${JSON.stringify(challenge)})`);
      total.keys += keys;
      total.ms += ms;
    }
    return total;
  } finally {
    await browser.close();
  }
}

export function describeBrowserWork(work: BrowserWork | null): string {
  if (!work) return 'Chromium is not installed.';
  return `${work.keys} keys in a page of Chromium: ${(work.ms / work.keys).toFixed(2)} ms each.`;
}
