import fc from 'fast-check';
import t from 'tap';
import { readTime } from './read-time.ts';

t.test('a time with seconds and an offset is parsed', async (t) => {
  const moments: [string, string][] = [
    ['2030-01-02T03:04:05Z', '2030-01-02T03:04:05.000Z'],
    ['2030-01-02t03:04:05z', '2030-01-02T03:04:05.000Z'],
    ['2030-01-02T03:04:05.6Z', '2030-01-02T03:04:05.600Z'],
    ['2030-01-02T03:04:05.678999999Z', '2030-01-02T03:04:05.678Z'],
    ['2030-01-02T03:04:05+02:00', '2030-01-02T01:04:05.000Z'],
    ['2030-01-01T22:04:05-05:30', '2030-01-02T03:34:05.000Z'],
    ['2030-01-02T03:04:05-00:00', '2030-01-02T03:04:05.000Z'],
    ['2028-02-29T23:59:59Z', '2028-02-29T23:59:59.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['0050-01-01T00:00:00Z', '0050-01-01T00:00:00.000Z'],
  ];
  for (const [text, iso] of moments) t.equal(new Date(readTime(text) ?? Number.NaN).toISOString(), iso, text);
});

t.test('other texts are rejected', async (t) => {
  const wrong = [
    ...[
      '',
      'now',
      '0',
      '1893456000000',
      '2030',
      '2030-01-01',
      '2030-01-01T00:00Z',
      '2030-01-01T00:00:00',
      '20300101T000000Z',
    ],
    ...['2030-01-01T00:00:00+02', '2030-01-01T00:00:00+0200', '2030-01-01T00:00:00+2:00', '2030-01-01T00:00:00 Z'],
    ...['2030-01-01 00:00:00Z', ' 2030-01-01T00:00:00Z', '2030-01-01T00:00:00Z\n', '2030-01-01T00:00:00.Z'],
    ...[
      '2030-13-01T00:00:00Z',
      '2030-00-01T00:00:00Z',
      '2030-02-30T00:00:00Z',
      '2030-02-29T00:00:00Z',
      '2030-01-00T00:00:00Z',
    ],
    ...['2030-01-01T24:00:00Z', '2030-01-01T00:60:00Z', '2030-12-31T23:59:60Z', '2030-01-01T00:00:00+24:00'],
    ...['2030-01-01T00:00:00+01:60', '+002030-01-01T00:00:00Z', '10000-01-01T00:00:00Z', '２０３０-01-01T00:00:00Z'],
  ];
  for (const text of wrong) t.equal(readTime(text), null, text);
});

t.test('times of Date.toISOString are parsed, and texts that only Date.parse accepts are rejected', async () => {
  const years = { min: new Date(0), max: new Date(253_402_300_799_999), noInvalidDate: true };
  fc.assert(fc.property(fc.date(years), (date) => readTime(date.toISOString()) === date.getTime()));
  fc.assert(
    fc.property(fc.date(years), fc.stringMatching(/^[+-][0-2]\d:[0-6]\d$/), (date, offset) => {
      const text = date.toISOString().replace('Z', offset);
      return readTime(text) === null || readTime(text) === Date.parse(text);
    }),
  );
});
