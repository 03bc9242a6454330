import { type ServiceError, status } from '@grpc/grpc-js';
import t from 'tap';
import { connectTestClient, violatedFields } from '../../../ci/testing/clients/connect-test-client.ts';
import { createTestStock } from '../../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';
import { waitForStatements } from '../../../ci/testing/wait-for-statements.ts';
import { insertOrders } from '../../../db/orders/order-table.ts';

const servers = await createTestServers(t);
const { mysql, database } = servers;
const client = connectTestClient(t, await startTestProvider(t, servers));

async function fill(sid: number, buyers: string[]): Promise<void> {
  const plain = { name: 'A lamp', state: 'sold_out', liveOrderNo: null, priceCents: 1, decidedBy: 'log' } as const;
  const rest = { mintedAtMs: null, payByMs: null, partition: 0, offset: 1n };
  const orders = buyers.map((buyer, i) => ({ orderNo: `${sid}-${i}`, sid, buyer, ...plain, ...rest }));
  await database.session((session) => insertOrders(session, orders));
}

const refusal = (call: Promise<unknown>): Promise<ServiceError> =>
  call.then(
    () => {
      throw new Error('was taken');
    },
    (error: unknown) => error as ServiceError,
  );

t.test('pages contain every order once, also orders of one millisecond and new orders', async (t) => {
  const sid = await createTestStock(mysql);
  await fill(
    sid,
    Array.from({ length: 25 }, (_, i) => `buyer-${i}`),
  );
  const seen: string[] = [];
  let cursor = '';
  let pages = 0;
  do {
    const page = await client.listOrders({ sid, cursor, pageSize: 10 });
    seen.push(...page.orders.map(({ orderNo }) => orderNo));
    cursor = page.nextCursor;
    pages += 1;
    if (pages === 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const late = { name: 'A lamp', state: 'sold_out', liveOrderNo: null, priceCents: 1, decidedBy: 'log' } as const;
      const rest = { mintedAtMs: null, payByMs: null, partition: 0, offset: 99n };
      await database.session((session) =>
        insertOrders(session, [{ orderNo: `${sid}-late`, sid, buyer: 'late', ...late, ...rest }]),
      );
    }
  } while (cursor !== '');
  t.equal(pages, 3);
  t.equal(seen.length, 25);
  t.equal(new Set(seen).size, 25);
  t.equal((await client.listOrders({ sid })).orders[0]?.orderNo, `${sid}-late`, 'the newest order is the first');
});

t.test('a list can be filtered by buyer and stock together', async (t) => {
  const [first, second] = [await createTestStock(mysql), await createTestStock(mysql)];
  await fill(first, ['zoe', 'yan']);
  await fill(second, ['zoe']);
  t.equal((await client.listOrders({ buyer: 'zoe' })).orders.length, 2);
  t.match(await client.listOrders({ buyer: 'zoe', sid: second }), {
    orders: [{ sid: second, buyer: 'zoe' }],
    nextCursor: '',
  });
  t.same(await client.listOrders({ buyer: 'Zoe' }), { orders: [], nextCursor: '' });
});

t.test('each list of a call equals the same single list', async (t) => {
  const [first, second] = [await createTestStock(mysql), await createTestStock(mysql)];
  await fill(first, ['may', 'may', 'may', 'noa']);
  await fill(second, ['may']);
  const lists = [
    ...[{ buyer: 'may', pageSize: 2 }, { buyer: 'without-orders' }, { buyer: 'noa' }, { buyer: 'may', sid: second }],
    ...[{ sid: first, pageSize: 3 }, { buyer: 'may' }],
  ];
  const { nextCursor } = await client.listOrders({ buyer: 'may', pageSize: 2 });
  lists.push({ buyer: 'may', cursor: nextCursor } as (typeof lists)[number]);
  const alone = await Promise.all(lists.map((list) => client.listOrders(list)));
  const together = (await client.listManyOrders({ lists })).lists;
  const plain = (all: typeof alone) =>
    all.map((page) => ({ cursor: page.nextCursor, orderNos: page.orders.map(({ orderNo }) => orderNo) }));
  t.same(plain(together), plain(alone));
  t.same(
    together.map(({ orders }) => orders.length),
    [2, 0, 1, 1, 3, 4, 2],
  );
  for (const wrong of [[], Array.from({ length: 33 }, () => ({ buyer: 'may' })), [{ buyer: 'may', pageSize: 101 }]]) {
    t.equal((await refusal(client.listManyOrders({ lists: wrong }))).code, status.INVALID_ARGUMENT);
  }
});

t.test('slow lists leave connections for other calls', async (t) => {
  const settings = { MYSQL_POOL: '3', MYSQL_STATEMENT_MS: '10000' };
  const small = connectTestClient(t, await startTestProvider(t, servers, settings));
  const sid = await createTestStock(mysql);
  const holder = await mysql.client.acquireConnection();
  await mysql.raw('LOCK TABLES stock_order WRITE').connection(holder);
  const lists = Array.from({ length: 12 }, (_, i) => small.listOrders({ buyer: `slow-${i}` }));
  let answered = 0;
  for (const list of lists) list.then(() => answered++).catch(() => undefined);
  try {
    await waitForStatements(mysql, '%stock_order%', 1);
    t.match(await small.getStock({ sid }), { sid });
    t.equal(answered, 0, 'they are waiting');
  } finally {
    await mysql.raw('UNLOCK TABLES').connection(holder);
    await mysql.client.releaseConnection(holder);
  }
  for (const { orders } of await Promise.all(lists)) t.same(orders, []);
});

t.test('a list without filter, an invalid cursor and a too large page are rejected', async (t) => {
  const wrong: [string, object][] = [
    ['buyer', {}],
    ['buyer', { buyer: 'a b' }],
    ['sid', { sid: -1 }],
    ['cursor', { buyer: 'ann', cursor: 'x' }],
    ['cursor', { buyer: 'ann', cursor: Buffer.from("1 a' OR 1=1").toString('base64url') }],
    ['cursor', { buyer: 'ann', cursor: Buffer.from('99999999999999999999 1-A').toString('base64url') }],
    ['page_size', { buyer: 'ann', pageSize: 1001 }],
  ];
  for (const [field, request] of wrong) {
    const error = await refusal(client.listOrders(request));
    t.equal(error.code, status.INVALID_ARGUMENT);
    t.same(violatedFields(error), [field]);
  }
});
