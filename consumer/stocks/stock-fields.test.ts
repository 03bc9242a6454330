import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { parsePictureOrigins } from './stock-fields.ts';

const servers = await createTestServers(t);
const settings = { MAX_PER_ORDER: '10', UNIQUE_STOCK_REFERENCES: 'on' };
const PICTURE_ORIGINS = 'https://pictures.example,https://CDN.example:8443';
const provider = await startTestProvider(t, servers, settings);
const url = await startTestConsumer(t, servers, [provider], { PICTURE_ORIGINS });
const api = `${url}/api/v1`;
const admin = { as: 'admin' };
const price = { amount: 1999, currency: 'EUR' };
const lamp = { name: 'A lamp', count: 5, price, opensAt: '2030-01-02T10:00:00.000Z' };
const shown = {
  reference: 'LAMP-1',
  description: 'Brass.\nMade to last.',
  pictureUrl: 'https://pictures.example/lamp.jpg',
  compareAtPrice: { amount: 2999, currency: 'EUR' },
  maxPerOrder: 5,
};
const metadata = { season: 'winter', __proto__x: 'kept' };

const create = (body: object) => callApi(api, '/admin/stocks', { ...admin, body: { ...lamp, ...body } });
const change = (sid: unknown, body: object) =>
  callApi(api, `/admin/stocks/${sid}`, { ...admin, method: 'PATCH', body });
const fieldOf = (body: Record<string, unknown>) => {
  const [error] = (body.errors ?? []) as { field: string }[];
  return error?.field ?? /^\w+/.exec(String(body.detail))?.[0];
};

t.test('what the shop says about a stock is shown to buyers, its metadata to administrators', async (t) => {
  const made = await create({ ...shown, metadata });
  t.match(made, { status: 201, body: { ...shown, metadata } }, made.text);
  const { sid } = made.body;
  for (const path of [`/stocks/${sid}`, '/stocks']) {
    const { text, body } = await callApi(api, path);
    const stock = path === '/stocks' ? (body.stocks as object[])[0] : body;
    t.match(stock, { sid, ...shown });
    t.notMatch(text, /metadata|winter/);
  }
  t.match((await callApi(api, `/admin/stocks/${sid}`, admin)).body, { ...shown, metadata });
  const [listed] = (await callApi(api, '/admin/stocks', admin)).body.stocks as object[];
  t.match(listed, { ...shown, metadata });
});

t.test('a change replaces what it names, and null removes it', async (t) => {
  const { body: made } = await create({ ...shown, reference: 'LAMP-2', metadata });
  const renamed = await change(made.sid, { reference: 'LAMP-3', maxPerOrder: 6, metadata: { season: 'summer' } });
  t.match(
    renamed.body,
    { ...shown, reference: 'LAMP-3', maxPerOrder: 6, metadata: { season: 'summer' } },
    renamed.text,
  );
  const none = { reference: null, description: null, pictureUrl: null, compareAtPrice: null };
  const removed = await change(made.sid, { ...none, metadata: null });
  t.match(removed.body, none, removed.text);
  t.same(removed.body.metadata, {});
  const again = await change(made.sid, { metadata: { a: 'b' } });
  t.same((await change(made.sid, { metadata: {} })).body.metadata, {}, again.text);
});

t.test('a field that is not allowed is named', async (t) => {
  const { body: first } = await create({ reference: 'ONE' });
  const { body: other } = await create({});
  const wrong: [string, object][] = [
    ['reference', { reference: 'two words' }],
    ['reference', { reference: 'ONE' }],
    ['metadata', { metadata: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, ''])) }],
    ['metadata', { metadata: { note: 'x'.repeat(2048) } }],
    ['metadata.note', { metadata: { note: 1 } }],
    ['description', { description: 'x'.repeat(2001) }],
    ['pictureUrl', { pictureUrl: 'http://pictures.example/lamp.jpg' }],
    ['pictureUrl', { pictureUrl: 'https://elsewhere.example/lamp.jpg' }],
    ['pictureUrl', { pictureUrl: 'https://pictures.example.evil.example/lamp.jpg' }],
    ['pictureUrl', { pictureUrl: 'javascript:alert(1)' }],
    ['compareAtPrice.currency', { compareAtPrice: { amount: 2999, currency: 'USD' } }],
    ['compare_at_price_cents', { compareAtPrice: { amount: 1998, currency: 'EUR' } }],
    ['max_per_order', { maxPerOrder: 11 }],
  ];
  for (const [field, body] of wrong) {
    for (const answer of [await create(body), await change(other.sid, body)]) {
      t.match(answer, { status: 400, body: { code: 'invalid_request' } }, answer.text);
      t.equal(fieldOf(answer.body)?.toLowerCase(), field.toLowerCase(), answer.text);
    }
  }
  t.equal((await change(first.sid, { reference: 'ONE' })).status, 200, 'its own');
  t.equal((await change(first.sid, { opensAt: null })).status, 200);
  t.match((await change(first.sid, { maxPerOrder: 2 })).body, { code: 'sale_started', status: 409 });
});

t.test('pages load pictures from the allowed origins only', async (t) => {
  t.same(parsePictureOrigins(PICTURE_ORIGINS), ['https://pictures.example', 'https://cdn.example:8443']);
  t.same(parsePictureOrigins(''), []);
  const policy = (await fetch(url)).headers.get('content-security-policy') ?? '';
  t.match(policy, /; img-src 'self' https:\/\/pictures\.example https:\/\/cdn\.example:8443; /);
});
