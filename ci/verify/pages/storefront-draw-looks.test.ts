import type { Page } from 'playwright-core';
import t from 'tap';
import type { Draw, Entry } from '../../../consumer/pages/storefront/draws/draw-types.ts';
import { checkPage, keepPicture, openPage, startBrowser } from '../../testing/pages/browser.ts';
import { type PlayedDraw, playDraw } from '../../testing/pages/play-draw.ts';
import { card, saying } from '../../testing/pages/shop-card.ts';
import { startTestShop } from '../../testing/pages/start-test-shop.ts';

// Every look of a draw and of a line, with chosen answers: in both languages, on a phone and in dark mode.

const { url, putOnSale } = await startTestShop(t, { BUYER_BURST: '100' });
const browser = await startBrowser(t);

const HOUR_MS = 3_600_000;
const hours = (n: number) => new Date(Date.now() + n * HOUR_MS).toISOString();
const digest = (start: string) => start.padEnd(64, '0a5c');

const DRAW: Draw = {
  sid: '',
  mode: 'draw',
  attempt: 1,
  state: 'taking',
  drawId: digest('d1'),
  rules: '{}',
  entriesOpenAt: hours(-1),
  entriesCloseAt: hours(2),
  beacon: null,
  knownAt: hours(2.3),
  entries: null,
  root: null,
  seed: null,
  statement: null,
  statedAt: null,
  drawnAt: null,
  lastPlace: 0,
  offeredPlace: 0,
  endedAt: null,
  voidAttempts: [],
  endedAttempts: [],
};
const STATED = { root: digest('7b'), seed: digest('5e'), statement: digest('51').repeat(2), entries: 12_345 };
const TICKET = {
  drawId: digest('d1'),
  entryId: digest('3f9a2c1b'),
  salt: digest('a1'),
  signature: digest('e7').repeat(2),
};
const ENTRY: Entry = {
  sid: '',
  state: 'waiting',
  enteredAt: hours(-1),
  place: null,
  ahead: null,
  knownAt: hours(2.3),
  orderNo: null,
  ticket: TICKET,
};

type Look = {
  says: Record<'en' | 'zh-CN', string>;
  stock?: Partial<PlayedDraw['stock']>;
  draw?: Partial<Draw> | null;
  entry?: Partial<Entry> | null;
};

const closed = { entriesOpenAt: hours(-9), entriesCloseAt: hours(-0.1) };
const onSale = { state: 'open', opensAt: hours(-1) } as const;
const drawn = { state: 'drawn', drawnAt: hours(-0.1), lastPlace: 12_345, knownAt: null, ...STATED } as const;
const looks: Record<string, Look> = {
  before: {
    says: { en: 'Entries open in', 'zh-CN': '后开始报名' },
    stock: { entriesOpenAt: hours(1) },
    entry: null,
  },
  taking: { says: { en: 'Enter the draw', 'zh-CN': '参加抽签' }, entry: null },
  entered: { says: { en: 'You are in', 'zh-CN': '已报名' } },
  closed: { says: { en: 'You are in', 'zh-CN': '已报名' }, stock: closed, draw: { state: 'closed' } },
  stated: {
    says: { en: 'Draw in', 'zh-CN': '后抽签' },
    stock: closed,
    draw: { state: 'stated', statedAt: hours(-0.05), ...STATED },
  },
  place: {
    says: { en: 'Your place: 37', 'zh-CN': '您的名次：37' },
    stock: { ...closed, ...onSale },
    draw: {
      ...drawn,
      offeredPlace: 25,
      voidAttempts: [{ attempt: 1, drawId: digest('d0'), rules: '{}', reason: 'no beacon' }],
    },
    entry: { place: 37, ahead: 12, knownAt: null },
  },
  missed: {
    says: { en: 'The draw is over', 'zh-CN': '抽签已结束' },
    stock: { ...closed, ...onSale, state: 'closed', closesAt: hours(-0.01) },
    draw: drawn,
    entry: { place: 370, ahead: 12, knownAt: null },
  },
  'line-late': {
    says: { en: 'Join the line', 'zh-CN': '加入排队' },
    stock: { mode: 'line', line: { state: 'waiting' }, ...closed, ...onSale },
    draw: drawn,
    entry: null,
  },
  'line-rush': {
    says: { en: 'Join the line', 'zh-CN': '加入排队' },
    stock: {
      mode: 'rush',
      line: { state: 'open' },
      entriesOpenAt: null,
      entriesCloseAt: null,
      ...onSale,
      state: 'sold_out',
      left: 0,
    },
    draw: null,
    entry: null,
  },
};

const devices = [
  { device: 'desktop', locale: 'en' as const },
  { device: 'phone-dark-chinese', locale: 'zh-CN' as const, phone: true, colorScheme: 'dark' as const },
];

const sid = await putOnSale({ name: 'Studio headphones', count: 20, opensAtMs: Date.now() + 3 * HOUR_MS });

for (const { device, locale, ...options } of devices) {
  for (const [name, look] of Object.entries(looks)) {
    t.test(`${device}: ${name}`, async (t) => {
      const opened = await openPage(t, browser, {
        ...options,
        locale: locale === 'en' ? 'en-GB' : locale,
        reducedMotion: 'reduce',
      });
      const { page } = opened;
      await playDraw(page, sid, playedOf(sid, look));
      await page.goto(url);
      await saying(page, sid, look.says[locale]);
      const proof = card(page, sid).locator('.proof summary');
      if ((await proof.count()) > 0) await proof.click();
      await settled(page, sid);
      // The chosen answers of a buyer without an entry are 404, and the stream is cut.
      await checkPage(t, page, opened.complaints(/404|ERR_FAILED/));
      await card(page, sid).scrollIntoViewIfNeeded();
      await keepPicture(page, `draw-${name}-${device}`);
      // A request that is still answered would fail when the page closes.
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    });
  }
}

function playedOf(sid: number, { stock, draw, entry }: Look): PlayedDraw {
  const standard = { mode: 'draw', line: null, entriesOpenAt: hours(-1), entriesCloseAt: hours(2) } as const;
  return {
    stock: Object.assign({}, standard, stock),
    draw: draw === null ? null : Object.assign({}, DRAW, { sid: String(sid) }, draw),
    entry: entry === null ? null : Object.assign({}, ENTRY, { sid: String(sid) }, entry),
  };
}

/** After 700 ms a changed button takes clicks. */
const settled = (page: Page, sid: number) =>
  card(page, sid).locator('.big[aria-disabled=true], .big[data-act=enter][aria-disabled=false]').waitFor();
