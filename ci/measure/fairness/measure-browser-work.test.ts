import t from 'tap';
import { findChromium } from '../../local/set-up/find-program.mjs';
import { measureBrowserWork } from './measure-browser-work.ts';

const skip = findChromium() ? false : 'Chromium is not installed';

t.test('a page solves the challenges of the consumers', { skip }, async (t) => {
  const work = await measureBrowserWork(2);
  if (!work) throw new Error('Chromium is not installed');
  t.ok(work.keys >= 2 && work.keys <= 1000, String(work.keys));
  t.ok(work.ms > 0);
});
