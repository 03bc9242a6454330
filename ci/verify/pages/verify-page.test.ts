import { randomBytes } from 'node:crypto';
import fastify from 'fastify';
import type { Page } from 'playwright-core';
import t from 'tap';
import { pageRoutes } from '../../../consumer/api/page-routes.ts';
import { toHex } from '../../../proto/draws/hex.ts';
import { makeSampleDraw } from '../../generate/make-sample-draw.ts';
import { buildPages } from '../../ops/build-pages.ts';
import { checkPage, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { silentLogger } from '../../testing/silent-logger.ts';

// The page that checks a draw, in a real browser, without a network once it is open.

await buildPages();
const app = fastify();
await app.register(pageRoutes(silentLogger, []));
const url = await app.listen({ host: '127.0.0.1', port: 0 });
t.teardown(() => app.close());
const browser = await startBrowser(t);

const sample = makeSampleDraw();
const [entry] = sample.entries;
if (!entry) throw new Error('the sample has no entries');
const id = toHex(entry.entryId);
const ticket = JSON.stringify({ drawId: toHex(sample.drawId), entryId: id, signature: toHex(entry.signature) });

async function choose(page: Page, label: string | RegExp, text: string): Promise<void> {
  await page.getByLabel(label).setInputFiles({ name: 'file.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
}

const detailOf = async (page: Page, name: string) => (await page.locator(`[data-check=${name}] p`).textContent()) ?? '';

/** Opens the page and takes the network away. */
async function openOffline(t: Parameters<typeof openPage>[0], options: Parameters<typeof openPage>[2] = {}) {
  const opened = await openPage(t, browser, options);
  await opened.page.goto(`${url}/verify`, { waitUntil: 'networkidle' });
  await opened.page.context().setOffline(true);
  return opened;
}

t.test('a file that holds, with the own place', async (t) => {
  const { page, complaints } = await openOffline(t);
  await choose(page, 'Public file of the draw', sample.text);
  await choose(page, /Your ticket/, ticket);
  await choose(page, /Statement or file/, sample.text);
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('The file holds.').waitFor();
  t.match(await detailOf(page, 'ticket'), /^your entry is in line 9, at place \d+ of 10$/);
  t.match(await detailOf(page, 'beacon'), /^drand quicknet, round 657413 /);
  await checkPage(t, page, [], 'holds');
  await keepPicture(page, 'verify-holds', true);
  t.same(complaints(), []);
});

t.test('a file that was tampered with: the entry is named', async (t) => {
  const { page } = await openOffline(t, { phone: true });
  const lines = sample.text.split('\n');
  const at = lines.indexOf(id);
  const tampered = (change: (all: string[]) => void) => {
    const all = [...lines];
    change(all);
    return all.join('\n');
  };
  const other = 'f'.repeat(64);
  for (const [text, expected] of [
    [tampered((all) => all.splice(at, 1, other)), `the id of line 9 (${other}) is out of sequence: it was changed`],
    [tampered((all) => all.splice(at, 0, other)), `the id of line 9 (${other}) was added`],
    [
      tampered((all) => all.splice(at + 5, 0, ...all.splice(at, 1))),
      `the id of line 14 (${id}) was moved: it belongs before all others`,
    ],
    [tampered((all) => all.splice(at, 1)), '1 of the 10 stated ids are missing'],
  ] as const) {
    await choose(page, 'Public file of the draw', text);
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('The file does not hold.').waitFor();
    t.equal(await detailOf(page, 'entries'), expected);
  }
  await checkPage(t, page, [], 'tampered');
  await keepPicture(page, 'verify-tampered', true);
  await choose(page, 'Public file of the draw', 'hello\n');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('line 1: this is no draw file').waitFor();
  await choose(page, /Your ticket/, 'hello');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('This cannot be read: file.txt: ').waitFor();
});

t.test('German and Chinese, and the language can be changed afterwards', async (t) => {
  const { page } = await openOffline(t, { locale: 'de-DE', colorScheme: 'dark' });
  await choose(page, 'Öffentliche Datei der Verlosung', makeSampleDraw({ beacon: false }).text);
  await page.getByRole('button', { name: 'Prüfen' }).click();
  await page.getByText('Die Datei stimmt; lesen Sie die Hinweise.').waitFor();
  t.equal(await detailOf(page, 'beacon'), 'keine: Der Shop hätte das Ergebnis wählen können');
  await checkPage(t, page, [], 'German');
  await keepPicture(page, 'verify-de-dark', true);
  await page.getByLabel('Sprache').selectOption('zh-CN');
  await page.getByText('无：商家可能选定了结果').waitFor();
  t.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await page.getByLabel('语言').selectOption('en');
  await page.getByText('none: the shop could have chosen the outcome').waitFor();
});

t.test('a large file does not freeze the page', async (t) => {
  const { page } = await openOffline(t);
  const large = makeSampleDraw({ buyers: Array.from({ length: 20_000 }, () => toHex(randomBytes(8))) });
  await choose(page, 'Public file of the draw', large.text);
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Checking …').waitFor();
  t.equal(await page.evaluate('1 + 1'), 2);
  await page.getByText('The file holds.').waitFor();
  t.match(await detailOf(page, 'places'), /^20000; /);
});
