import { type ServiceError, status } from '@grpc/grpc-js';
import t, { type Test } from 'tap';
import { waitUntil } from '../../../ci/command/wait-until.ts';
import { connectTestClient, violatedFields } from '../../../ci/testing/clients/connect-test-client.ts';
import { createTestStock } from '../../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';
import { startTestProxy } from '../../../ci/testing/servers/test-proxy.ts';
import { createTestRedisClient } from '../../../ci/testing/servers/test-redis.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const client = connectTestClient(t, await startTestProvider(t, servers, { PROCESS_NAME: 'provider-x' }));

async function refuses(t: Test, field: string, call: Promise<unknown>): Promise<void> {
  const error = (await call.then(
    () => new Error(`${field} was taken`),
    (error: unknown) => error,
  )) as ServiceError;
  t.equal(error.code, status.INVALID_ARGUMENT, `${field}: ${error.message}`);
  if (error.code === status.INVALID_ARGUMENT) t.same(violatedFields(error), [field]);
}

const lamp = { name: 'A lamp', count: 3, kind: 'sale', currency: 'EUR' };

t.test('a created stock is read with every field', async (t) => {
  const opensAtMs = Date.UTC(2030, 0, 1);
  const made = await client.createStock({ ...lamp, sid: 77, priceCents: 1999, opensAtMs, closesAtMs: opensAtMs + 1 });
  const read = await client.getStock({ sid: 77 });
  const expected = { sid: 77, ...lamp, priceCents: 1999, opensAtMs, closesAtMs: opensAtMs + 1, sale: 0, version: 0 };
  t.match(made, expected);
  t.match(read, { ...expected, paused: false });
  t.ok(Math.abs(read.readAtMs - Date.now()) < 5000);
  t.ok(read.freshForMs > 0 && read.freshForMs <= 1000);
});

t.test('stocks of one call are read on their own', async (t) => {
  const { sid } = await client.createStock(lamp);
  const { results } = await client.getStocks({ items: [{ sid }, { sid: 4_040_404 }, { sid: -1 }, { sid }] });
  t.match(results, [
    { reply: { sid, ...lamp }, fault: null },
    { reply: null, fault: { code: status.NOT_FOUND } },
    { reply: null, fault: { code: status.INVALID_ARGUMENT, details: /^sid: / } },
    { reply: { sid } },
  ]);
});

t.test('an id is generated for a stock without one', async (t) => {
  const [first, second] = await Promise.all([client.createStock(lamp), client.createStock(lamp)]);
  t.ok(Number.isSafeInteger(first.sid) && first.sid > 0);
  t.not(first.sid, second.sid);
  t.match(await client.getStock({ sid: first.sid }), { name: 'A lamp', kind: 'sale' });
});

t.test('creating a stock with an existing id changes nothing', async (t) => {
  await client.createStock({ ...lamp, sid: 78 });
  await t.rejects(client.createStock({ ...lamp, sid: 78, count: 99 }), { code: status.ALREADY_EXISTS });
  t.match(await client.getStock({ sid: 78 }), { count: 3 });
});

t.test('an invalid field is named, and nothing is created', async (t) => {
  const count = async () => (await mysql('stock').count('* as n'))[0]?.n;
  const before = await count();
  const bad: Record<string, object> = {
    sid: { sid: -1 },
    name: { name: '  ' },
    count: { count: -1 },
    price_cents: { priceCents: 10 ** 12 + 1 },
    kind: { kind: 'auction' },
    opens_at_ms: { opensAtMs: -1 },
    closes_at_ms: { opensAtMs: 2000, closesAtMs: 1000 },
    ladder_limit: { ladderLimit: 5 },
    currency: { currency: '' },
    reference: { reference: 'LAMP 1' },
    description: { description: 'x'.repeat(2001) },
    picture_url: { pictureUrl: 'http://pictures.example/lamp.png' },
    compare_at_price_cents: { priceCents: 2000, compareAtPriceCents: 1999 },
    metadata: { metadata: '{"a":1}' },
  };
  for (const [field, wrong] of Object.entries(bad)) await refuses(t, field, client.createStock({ ...lamp, ...wrong }));
  await refuses(t, 'name', client.createStock({ ...lamp, name: 'x'.repeat(101) }));
  await refuses(t, 'count', client.createStock({ ...lamp, count: 100_000_001 }));
  for (const none of [0, Number.NaN]) {
    await refuses(t, 'opens_at_ms', client.createStock({ ...lamp, opensAtMs: none }));
    await refuses(t, 'closes_at_ms', client.createStock({ ...lamp, closesAtMs: none }));
  }
  await refuses(t, 'metadata', client.createStock({ ...lamp, metadata: JSON.stringify({ note: 'x'.repeat(2040) }) }));
  await refuses(t, 'metadata', client.createStock({ ...lamp, metadata: keys(21) }));
  t.equal(await count(), before);
});

const keys = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, 'x'])));

const details = {
  reference: 'LAMP-1',
  metadata: keys(20),
  description: '灯'.repeat(2000),
  pictureUrl: 'https://pictures.example/lamp.png',
  compareAtPriceCents: 2999,
};

t.test('what the shop says about a stock is stored, listed, changed and removed', async (t) => {
  const { sid } = await client.createStock({ ...lamp, priceCents: 1999, ...details });
  t.match(await client.getStock({ sid }), details);
  const { stocks } = await client.listStocks({ newestFirst: true });
  t.match(
    stocks.find((stock) => stock.sid === sid),
    details,
  );
  t.match(await client.updateStock({ sid, paused: true }), details, 'other changes leave it');
  const changed = { reference: 'LAMP-2', metadata: '{"colour":"red"}', compareAtPriceCents: 1999 };
  const expected = { reference: 'LAMP-2', metadata: '{"colour":"red"}', description: details.description };
  t.match(await client.updateStock({ sid, ...changed }), { ...expected, compareAtPriceCents: 1999 });
  await refuses(t, 'compare_at_price_cents', client.updateStock({ sid, priceCents: 2000 }));
  const none = { reference: '', metadata: '', description: '', pictureUrl: '', compareAtPriceCents: 0 };
  t.match(await client.updateStock({ sid, ...none }), none);
});

t.test('two stocks may have one reference, unless the shop says that it is unique', async (t) => {
  for (let i = 0; i < 2; i += 1) await client.createStock({ ...lamp, reference: 'SKU' });
  const strict = connectTestClient(t, await startTestProvider(t, servers, { UNIQUE_STOCK_REFERENCES: 'on' }));
  const first = await strict.createStock({ ...lamp, reference: 'ONE' });
  await refuses(t, 'reference', strict.createStock({ ...lamp, reference: 'ONE' }));
  const other = await strict.createStock({ ...lamp, reference: 'TWO' });
  await refuses(t, 'reference', strict.updateStock({ sid: other.sid, reference: 'ONE' }));
  t.match(await strict.getStock({ sid: other.sid }), { reference: 'TWO', version: 0 }, 'nothing is changed');
  await strict.updateStock({ sid: first.sid, reference: '' });
  t.match(await strict.updateStock({ sid: other.sid, reference: 'ONE' }), { reference: 'ONE' });
  await t.rejects(strict.createStock({ ...lamp, sid: first.sid, reference: 'X' }), { code: status.ALREADY_EXISTS });
  const both = ['RACE', 'RACE'].map((reference) => strict.createStock({ ...lamp, reference }));
  t.equal((await Promise.allSettled(both)).filter(({ status }) => status === 'fulfilled').length, 1);
});

t.test('a name of 100 characters of any script is accepted', async (t) => {
  const name = '🛋'.repeat(100);
  t.equal((await client.createStock({ ...lamp, name })).name, name);
});

t.test('reads reject an invalid id, and report an unknown stock', async (t) => {
  await refuses(t, 'sid', client.getStock({ sid: 0 }));
  await refuses(t, 'sid', client.getCurrentCount({ sid: -5 }));
  await refuses(t, 'page_size', client.listStocks({ pageSize: 1001 }));
  await refuses(t, 'after_sid', client.listStocks({ afterSid: -1 }));
  await refuses(t, 'kind', client.listStocks({ kind: 'x' }));
  await t.rejects(client.getStock({ sid: 4040 }), { code: status.NOT_FOUND });
  await t.rejects(client.getCurrentCount({ sid: 4040 }), { code: status.NOT_FOUND });
});

t.test('the units left are count minus sale, with the name of the process', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  await mysql.raw('UPDATE stock SET sale = 4 WHERE id = ?', [sid]);
  t.same({ ...(await client.getCurrentCount({ sid })) }, { left: 5, servedBy: 'provider-x' });
});

t.test('all stocks of a kind are listed page by page', async (t) => {
  const made = [];
  for (let i = 0; i < 5; i += 1) made.push(await createTestStock(mysql, { kind: 'ladder' }));
  const found: number[] = [];
  for (let afterSid = 0; ; afterSid = found.at(-1) ?? 0) {
    const { stocks } = await client.listStocks({ kind: 'ladder', afterSid, pageSize: 2 });
    if (stocks.length === 0) break;
    t.ok(stocks.length <= 2);
    found.push(...stocks.map(({ sid }) => sid));
  }
  t.same(
    found,
    [1, ...made].sort((a, b) => a - b),
  );
});

t.test('the limit of a ladder stock reaches the limiter', async (t) => {
  const redis = await createTestRedisClient(t, servers.redisUrl);
  const { sid } = await client.createStock({ ...lamp, kind: 'ladder', ladderLimit: 400 });
  t.equal(await redis.get(redis.names.ladderLimit(sid)), '400');
});

t.test('a change is visible within a second', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  t.match(await client.getCurrentCount({ sid }), { left: 9 });
  await mysql.raw('UPDATE stock SET sale = 1 WHERE id = ?', [sid]);
  const startedMs = performance.now();
  await waitUntil(
    'the change',
    async () => {
      if ((await client.getCurrentCount({ sid })).left !== 8) throw new Error('not seen');
    },
    { limitMs: 3000 },
  );
  t.ok(performance.now() - startedMs < 1400);
});

t.test('stock reads continue without Redis', async (t) => {
  const { host } = new URL(servers.redisUrl);
  const proxy = await startTestProxy(t, host);
  const throughProxy = await startTestProvider(t, servers, {
    REDIS_URL: servers.redisUrl.replace(host, proxy.address),
  });
  const nowhere = await startTestProvider(t, servers, { REDIS_URL: 'redis://127.0.0.1:1' });
  const [losing, without] = [connectTestClient(t, throughProxy), connectTestClient(t, nowhere)];
  const sids = [await createTestStock(mysql), await createTestStock(mysql), await createTestStock(mysql)];
  t.match(await losing.getStock({ sid: sids[0] ?? 0 }), { sid: sids[0] });
  proxy.cut();
  for (const sid of sids) {
    t.match(await losing.getStock({ sid }), { sid });
    t.match(await without.getStock({ sid }), { sid });
  }
  proxy.restore();
  t.match(await losing.getStock({ sid: sids[1] ?? 0 }), { sid: sids[1] });
});
