import t from 'tap';
import { findChromium } from '../../local/set-up/find-program.mjs';
import { measureBrowserWork } from './measure-browser-work.ts';

const skip = findChromium() ? false : 'Chromium is not installed';

t.test('a page solves the challenges of the consumers', { skip }, async (t) => {
  const work = await measureBrowserWork(2);
  t.match(work, { keys: (keys: number) => keys >= 2 && keys <= 1000, ms: (ms: number) => ms > 0 });
});
