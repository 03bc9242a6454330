import t from 'tap';
import { type OffsetAt, readLocalTime, toLocalText } from './read-local-time.ts';

/** An hour ahead, and two from the last Sunday of March to that of October 2026. */
const berlin: OffsetAt = (ms) =>
  ms >= Date.parse('2026-03-29T01:00Z') && ms < Date.parse('2026-10-25T01:00Z') ? 7_200_000 : 3_600_000;
/** From UTC−10 to UTC+14 at the end of a day: Samoa skipped 30 December 2011. */
const samoa: OffsetAt = (ms) => (ms < Date.parse('2011-12-30T10:00Z') ? -10 : 14) * 3_600_000;
const read = (text: string, offsetAt = berlin) => {
  const found = readLocalTime(text, offsetAt);
  return found && { ...found, ms: new Date(found.ms).toISOString() };
};

t.test('a local time is read as an instant, and back', async (t) => {
  t.match(read('2026-03-28T10:00:05'), { ms: '2026-03-28T09:00:05.000Z', isTwice: false });
  t.match(read('2026-07-01T10:00'), { ms: '2026-07-01T08:00:00.000Z', isTwice: false });
  t.equal(toLocalText('2026-07-01T08:00:05Z', berlin), '2026-07-01T10:00:05');
  t.equal(toLocalText(null), '');
  t.equal(readLocalTime('2026-07-01T10:00')?.ms, Date.parse('2026-07-01T10:00'));
});

t.test('a skipped time is reported with the time shown instead', async (t) => {
  t.match(read('2026-03-29T02:30'), { ms: '2026-03-29T01:30:00.000Z', skippedTo: '2026-03-29 03:30' });
  t.match(read('2026-03-29T02:00'), { skippedTo: '2026-03-29 03:00' });
  t.equal(read('2026-03-29T01:59:59')?.skippedTo, undefined);
  t.equal(read('2026-03-29T03:00')?.skippedTo, undefined);
  t.match(read('2011-12-30T12:00', samoa), { skippedTo: '2011-12-31 12:00' });
});

t.test('of a repeated time the first occurrence is used', async (t) => {
  t.match(read('2026-10-25T02:30'), { ms: '2026-10-25T00:30:00.000Z', isTwice: true });
  t.match(read('2026-10-25T03:00'), { ms: '2026-10-25T02:00:00.000Z', isTwice: false });
  t.match(read('2026-10-25T01:59'), { isTwice: false });
});

t.test('a malformed text is no time', async (t) => {
  for (const text of ['', 'soon', '2026-02-30', '2026-13-01T10:00', '2026-07-01T25:00', '+002026-07-01T10:00']) {
    t.equal(readLocalTime(text, berlin), null, text);
  }
});
