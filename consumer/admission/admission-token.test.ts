import t from 'tap';
import { isAdmission, signAdmission } from './admission-token.ts';

const KEY = 'Yt5gH2jU9kI4lO7pQ1wE8rS3dF6vC0xZ';
const SHOP_KEY = 'Lk8xQv3yBm5tCj0sLd7hFg2iZp6uWn1o';
const ann = { sid: 7, opensAtMs: 1_767_261_600_000, buyer: 'ann' };
const nowMs = 1_767_261_500_000;
const expires = 1_767_262_000;

t.test('a token is what docs/bots.md says', (t) => {
  t.equal(signAdmission(KEY, ann, expires), '1767261600000.1767262000.DlGgrjGVTg0mfCldeFsCKTzZSrfWYMU2StgMp89ab3o');
  t.end();
});

t.test('it admits one buyer to one stock for one opening until it expires', (t) => {
  const token = signAdmission(KEY, ann, expires);
  const keys = `${KEY},${SHOP_KEY}`;
  t.ok(isAdmission(keys, ann, token, nowMs));
  t.ok(isAdmission(`${SHOP_KEY},${KEY}`, ann, token, nowMs), 'with each key of the list');
  t.ok(isAdmission(keys, { ...ann, opensAtMs: null }, token, nowMs), 'the stock could not be read');
  t.ok(isAdmission(keys, ann, token, expires * 1000 - 1));
  t.notOk(isAdmission(keys, ann, token, expires * 1000));
  t.notOk(isAdmission(keys, { ...ann, buyer: 'ann2' }, token, nowMs));
  t.notOk(isAdmission(keys, { ...ann, sid: 71 }, token, nowMs));
  t.notOk(isAdmission(keys, { ...ann, opensAtMs: ann.opensAtMs + 1 }, token, nowMs));
  t.notOk(isAdmission(SHOP_KEY, ann, token, nowMs));
  t.notOk(isAdmission('', ann, token, nowMs));
  t.end();
});

t.test('nothing else is a token', (t) => {
  const token = signAdmission(KEY, ann, expires);
  const [opening, expiry, mac = ''] = token.split('.');
  const others = [
    ...[undefined, '', '.', '..', ' ', [token], `${token} `, `${token}\n`, `${token}.`, `0${token}`, 'é'.repeat(80)],
    ...[`${opening}.${expiry}`, `${opening}.${Number(expiry) + 1}.${mac}`, `${opening}.${expiry}.${mac.slice(1)}`],
    ...[`${opening}.1e99.${mac}`, `-1.${expiry}.${mac}`, `${opening}.${expiry}.${'A'.repeat(43)}`],
    `1767261600000.${expiry}.${mac.toUpperCase()}`,
  ];
  for (const other of others) t.notOk(isAdmission(KEY, ann, other, nowMs), JSON.stringify(other));
  t.notOk(isAdmission(KEY, { ...ann, opensAtMs: null }, `0.${expiry}.${mac}`, nowMs), 'an altered opening');
  t.end();
});
