import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { testEnvironment, testSecrets } from '../../ci/testing/clients/create-token.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { connectKafka, startAppender } from '../../proto/kafka/kafka.ts';
import { mintOrderNumber } from '../../proto/messages/order-number.ts';
import { encodeCompactRecord } from '../../proto/messages/order-record.ts';
import { signingKey } from '../../proto/settings/secret-keys.ts';

const servers = await createTestServers(t);
const { names, target } = servers.topics;
const api = `${await startTestConsumer(t, servers, [await startTestProvider(t, servers)])}/api/v1`;
const list = (query = '', as = 'admin') => callApi(api, `/admin/dead-letters${query}`, { as });
const log = startAppender(target);
t.teardown(() => log.close());
await log.open(names.ordersDead);

type Letter = { deadLetterId: string; bytes: number };
const lettersOf = ({ body }: { body: Record<string, unknown> }) => body.deadLetters as Letter[];
const append = (value: Buffer | null, headers: Record<string, string> = {}) =>
  log.append(names.ordersDead, 0, [{ key: '3/120', value, headers }]);

t.test('an empty topic has no letters', async (t) => {
  t.same((await list()).body, { deadLetters: [], nextCursor: null });
});

t.test('letters are listed newest first with what is known of them', async (t) => {
  const order = {
    sid: 1001,
    replyTo: 'c',
    mintedAtMs: Date.now(),
    stampMs: null,
    takesNoUnit: false,
    metClosed: false,
  };
  const orders = ['ann', 'bob'].map((buyer) => ({
    ...order,
    buyer,
    orderNo: mintOrderNumber(testSecrets.ORDER_NO_KEY, 1001, buyer),
    maxPriceCents: null,
  }));
  const signed = encodeCompactRecord(orders, signingKey(testEnvironment.ORDER_RECORD_KEY));
  await append(signed, { reason: 'there is no stock 1001', partition: '3', offset: '120', index: '1' });
  await append(Buffer.from('hostile'), { reason: 'x'.repeat(600), partition: '-3', offset: '1e9' });
  await append(null, { reason: 'no valid signature', partition: '4', offset: '9007199254740993' });
  const { status, body, headers } = await list();
  t.equal(status, 200);
  t.equal(headers.get('cache-control'), 'no-store');
  const unknown = { partition: null, offset: null, index: null, orderNos: [] };
  t.match(body, {
    deadLetters: [
      { ...unknown, deadLetterId: '2', reason: 'no valid signature', partition: 4, bytes: null },
      { ...unknown, deadLetterId: '1', reason: 'x'.repeat(500), bytes: 7 },
      {
        deadLetterId: '0',
        reason: 'there is no stock 1001',
        partition: 3,
        offset: '120',
        index: 1,
        orderNos: orders.map(({ orderNo }) => orderNo),
        bytes: signed.length,
      },
    ],
    nextCursor: null,
  });
  const [newest] = body.deadLetters as { at: string }[];
  t.ok(Math.abs(Date.parse(String(newest?.at)) - Date.now()) < 60_000);
});

t.test('pages follow one another without gaps, and large letters are read too', async (t) => {
  for (let i = 0; i < 20; i += 1) await append(Buffer.from(`record ${i}`));
  const big = Buffer.alloc(700_000, 'x');
  for (let i = 0; i < 4; i += 1) await append(big);
  const ids: number[] = [];
  let sizes: number[] = [];
  for (let query = '?limit=12'; query !== ''; ) {
    const page = await list(query);
    t.equal(page.status, 200, page.text);
    const letters = lettersOf(page);
    t.ok(letters.length >= 1 && letters.length <= 12);
    ids.push(...letters.map(({ deadLetterId }) => Number(deadLetterId)));
    sizes = [...sizes, ...letters.map(({ bytes }) => bytes)];
    const { nextCursor } = page.body;
    query = nextCursor === null ? '' : `?limit=12&cursor=${nextCursor}`;
  }
  t.same(
    ids,
    Array.from({ length: 27 }, (_, i) => 26 - i),
  );
  t.same(sizes.slice(0, 5), [...Array(4).fill(big.length), 'record 19'.length]);
  t.equal(lettersOf(await list()).length, 27);
});

t.test('reading leaves no group behind', async (t) => {
  const admin = connectKafka(target).admin();
  await admin.connect();
  t.teardown(() => admin.disconnect());
  const { groups } = await admin.listGroups();
  t.notOk(groups.some(({ groupId }) => groupId.includes(names.ordersDead)));
});

t.test('wrong values and buyers are refused', async (t) => {
  for (const query of ['?limit=101', '?limit=0', '?cursor=7', '?other=1']) {
    t.match(await list(query), { status: 400, body: { code: 'invalid_request' } }, query);
  }
  t.equal((await list('', 'ann')).status, 403);
});

t.test('without Kafka the answer is 503', async (t) => {
  const apart = await startTestProvider(t, servers, { KAFKA_BROKERS: '127.0.0.1:9' });
  const url = await startTestConsumer(t, servers, [apart]);
  const answer = await callApi(`${url}/api/v1`, '/admin/dead-letters', { as: 'admin' });
  t.match(answer, { status: 503, body: { code: 'unavailable' } });
  t.ok(answer.headers.get('retry-after'));
});
