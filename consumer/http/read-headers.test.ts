import t from 'tap';
import {
  chooseType,
  contentCodings,
  IDEMPOTENCY_KEY_PATTERN,
  namesTag,
  preferences,
  readIdempotencyAttempt,
  readIdempotencyKey,
} from './read-headers.ts';

t.test('preferences are case-insensitive names, alone or in a list', async (t) => {
  for (const header of [
    'no-cache',
    'NO-CACHE',
    'No-Cache',
    'max-age=0, No-Cache',
    ' no-cache ,x',
    'no-cache="set-cookie"',
  ]) {
    t.ok(preferences(header).has('no-cache'), header);
  }
  for (const header of [undefined, '', 'no-cachet', 'x-no-cache', 'ext="no-cache"', 'ext="a, no-cache"', 'no cache']) {
    t.notOk(preferences(header).has('no-cache'), String(header));
  }
  t.equal(preferences('Max-Age=5, max-age=9').get('max-age'), '5', 'the first counts');
  t.equal(preferences('ext="a\\", b"').get('ext'), 'a", b');
});

t.test('preferences have values and parameters', async (t) => {
  t.ok(preferences('Respond-Async').has('respond-async'));
  t.ok(preferences('wait=10, respond-async; foo=bar').has('respond-async'));
  t.equal(preferences('Wait=10; x, wait=20').get('wait'), '10');
  t.notOk(preferences('ext="respond-async"').has('respond-async'));
  t.notOk(preferences('no-respond-async').has('respond-async'));
  t.same(preferences(undefined), new Map());
});

t.test('an idempotency key is a quoted or an unquoted string', async (t) => {
  t.equal(readIdempotencyKey(undefined), undefined);
  t.equal(readIdempotencyKey('"8e03978e-40d5"'), '8e03978e-40d5');
  t.equal(readIdempotencyKey('8e03978e-40d5'), '8e03978e-40d5');
  t.equal(readIdempotencyKey(' "a" '), 'a');
  t.not(readIdempotencyKey('A'), readIdempotencyKey('a'), 'case counts');
  t.equal(readIdempotencyKey('x'.repeat(200)), 'x'.repeat(200));
  const pattern = new RegExp(IDEMPOTENCY_KEY_PATTERN);
  for (const wrong of ['', '""', '"', '"a', 'a"', 'a b', 'a, b', 'x'.repeat(201), 'é', ['a', 'b']]) {
    t.throws(() => readIdempotencyKey(wrong), { code: 'invalid_idempotency_key' }, String(wrong));
    if (typeof wrong === 'string' && wrong !== 'a, b') t.notOk(pattern.test(wrong), wrong);
  }
});

t.test('an attempt is a number from 1; other values mean any attempt', async (t) => {
  t.equal(readIdempotencyAttempt('1'), 1);
  t.equal(readIdempotencyAttempt(' 12 '), 12);
  for (const none of [undefined, '', '0', '01', '1, 1', '-1', '1.0', 'first', ['1', '2']]) {
    t.equal(readIdempotencyAttempt(none), null, String(none));
  }
});

t.test('identity does not count as a coding', async (t) => {
  t.same(contentCodings(undefined), []);
  t.same(contentCodings('Identity'), []);
  t.same(contentCodings('identity, GZIP'), ['gzip']);
});

t.test('tags are compared weakly, and quoted commas do not separate', async (t) => {
  for (const header of ['W/"a,b"', '"a,b"', '"x", W/"a,b"', '*', ['"x"', '"a,b"']])
    t.ok(namesTag(header, 'W/"a,b"'), String(header));
  for (const header of [undefined, '', 'a,b', '"A,b"', 'w/"a,b"', '"a"', '"*"', '*, "x"']) {
    t.notOk(namesTag(header, 'W/"a,b"'), String(header));
  }
});

t.test('the type with the higher weight is chosen', async (t) => {
  const types = ['application/json', 'text/csv'] as const;
  const chosen: [string | undefined, string | null][] = [
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV', 'text/csv'],
    ['text/*', 'text/csv'],
    ['text/csv, */*', 'text/csv'],
    ['text/csv, application/json', 'text/csv'],
    ['text/csv, */*;q=0.1', 'text/csv'],
    ['application/json;q=0.5, text/csv', 'text/csv'],
    ['application/json;Q=0.5, text/csv;q=0.4', 'application/json'],
    ['text/csv;q=0, */*', 'application/json'],
    ['application/json;q=0, */*', 'text/csv'],
    ['text/csv;charset=utf-8', 'text/csv'],
    ['text/csv;q=nonsense, application/json;q=0.9', 'text/csv'],
    ['text/csv;q=0', null],
    ['image/png', null],
    ['*/*;q=0', null],
  ];
  for (const [header, type] of chosen) t.equal(chooseType(header, types), type, String(header));
});
