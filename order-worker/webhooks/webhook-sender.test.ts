import { readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { testEnvironment } from '../../ci/testing/clients/create-token.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { silentLogger } from '../../ci/testing/silent-logger.ts';
import { createCertificates } from '../../ci/testing/tls/create-certificates.ts';
import { createEndpoint } from '../../ci/testing/webhooks/create-endpoint.ts';
import { startReceiver } from '../../ci/testing/webhooks/start-receiver.ts';
import { realPace } from '../../db/mysql/repeat-transaction.ts';
import { removeEndpoint } from '../../db/webhooks/endpoint-table.ts';
import { purgeDeliveries } from '../../db/webhooks/purge-deliveries.ts';
import { queueDeliveries } from '../../db/webhooks/queue-deliveries.ts';
import { retrySeconds } from '../../db/webhooks/take-turn.ts';
import { realClock } from '../../proto/process/clock.ts';
import { startJob } from '../jobs/start-job.ts';
import { createWebhookClient } from './send-webhook.ts';
import { createWebhookSender } from './webhook-sender.ts';

const { database, mysql } = await createTestDatabase(t);
t.setTimeout(240_000);

type Row = {
  id: number;
  order_no: string;
  type: string;
  state: string;
  attempts: number;
  last_status: number | null;
  last_error: string | null;
  seconds: number | null;
};

let orders = 0;
const nextOrder = () => {
  orders += 1;
  return `1001-${orders}`;
};

function queue(orderNo: string, ...types: string[]): Promise<number> {
  const events = types.map((type) => ({
    orderNo,
    type: `order.${type}`,
    timestampMs: Date.now(),
    body: `{"data":{"orderNo":"${orderNo}"}}`,
  }));
  return database.transaction((transaction) => queueDeliveries(transaction, events));
}

function startSender(t: Test, { deadlineMs = 1000, addresses = 'any' as 'any' | 'public' } = {}) {
  const client = createWebhookClient({ deadlineMs, addresses });
  const keys = testEnvironment.WEBHOOK_KEY ?? '';
  const sender = createWebhookSender({ database, client, keys, pace: realPace, logger: silentLogger });
  const job = startJob({ name: 'webhooks', everyMs: 20, work: sender.start, logger: silentLogger, clock: realClock });
  const close = async () => {
    await job.close();
    await sender.close();
  };
  t.teardown(close);
  return { close };
}

async function endpointAt(t: Test, url: string): Promise<number> {
  const { endpointId } = await createEndpoint(database, url);
  t.teardown(() => database.transaction((transaction) => removeEndpoint(transaction, endpointId)));
  return endpointId;
}

async function rowsOf(endpointId: number): Promise<Row[]> {
  const [rows] = await mysql.raw(
    `SELECT id, order_no, type, state, attempts, last_status, last_error,
       TIMESTAMPDIFF(MICROSECOND, NOW(6), next_try_at) / 1e6 AS seconds FROM webhook_delivery WHERE endpoint_id = ? ORDER BY id`,
    [endpointId],
  );
  return rows;
}

/** Waits until no delivery is in flight and `isTrue` holds for the rows. */
function untilRows(endpointId: number, what: string, isTrue: (rows: Row[]) => boolean): Promise<Row[]> {
  return waitUntil(
    what,
    async () => {
      const rows = await rowsOf(endpointId);
      if (!isTrue(rows)) throw new Error(JSON.stringify(rows));
      return rows;
    },
    { limitMs: 15_000 },
  );
}

const failed = (row: Row | undefined) => row !== undefined && row.last_error !== null;
const allDelivered = (rows: Row[]) => rows.every(({ state }) => state === 'delivered');

/** Passes the pauses after failures. */
async function passPauses(): Promise<void> {
  await mysql.raw('UPDATE webhook_endpoint SET not_before = NULL');
  await mysql.raw(
    'UPDATE webhook_delivery SET next_try_at = NOW(3) WHERE next_try_at IS NOT NULL AND claimed_until IS NULL',
  );
}

async function startSockets(t: Test, onRequest: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => onRequest(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const failures: [name: string, answer: (socket: Socket) => void, status: number | null, error: RegExp][] = [
  ['never answers', () => undefined, null, /no answer in time/],
  ['resets', (socket) => socket.resetAndDestroy(), null, /ECONNRESET|socket hang up/],
  [
    'resets in the middle of its headers',
    (socket) => socket.write('HTTP/1.1 200 OK\r\nConte', () => socket.resetAndDestroy()),
    null,
    /ECONNRESET|socket hang up/,
  ],
  ['answers 500', (socket) => socket.end('HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n'), 500, /answered 500/],
  [
    'redirects',
    (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'),
    302,
    /redirects/,
  ],
  ['sends no HTTP', (socket) => socket.end('hello\r\n\r\n'), null, /Parse Error|Expected HTTP/],
  [
    'sends headers without end',
    (socket) => void socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`),
    null,
    /Header overflow|Parse Error/,
  ],
];

for (const [name, answer, status, error] of failures) {
  t.test(`a receiver that ${name} is tried again later, with the same id`, async (t) => {
    const endpointId = await endpointAt(t, await startSockets(t, answer));
    startSender(t, { deadlineMs: 300 });
    await queue(nextOrder(), 'confirmed');
    const [row] = await untilRows(endpointId, 'a failure', ([first]) => failed(first));
    t.match(row, { state: 'pending', attempts: 1, last_status: status, last_error: error });
    t.ok(Number(row?.seconds) > 2 && Number(row?.seconds) < 6.5, `next try in ${row?.seconds} s`);
    const receiver = await startReceiver(t);
    await mysql.raw('UPDATE webhook_endpoint SET url = ? WHERE id = ?', [receiver.url, endpointId]);
    await passPauses();
    await untilRows(endpointId, 'the delivery', allDelivered);
    t.equal(receiver.received[0]?.id, `${row?.order_no}:confirmed`);
  });
}

t.test('a receiver that is away, or whose certificate is unknown, is tried again later', async (t) => {
  const { both } = createCertificates(t.testdir()).make('receiver');
  const [cert, key] = [readFileSync(both), readFileSync(both)];
  const tls = createHttpsServer({ cert, key }, (_, response) => response.end());
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void tls.close());
  const away = await endpointAt(t, 'http://127.0.0.1:1/');
  const wrong = await endpointAt(t, `https://127.0.0.1:${(tls.address() as AddressInfo).port}/`);
  startSender(t);
  await queue(nextOrder(), 'confirmed');
  await untilRows(away, 'a failure', ([first]) => failed(first));
  t.match(await untilRows(wrong, 'a failure', ([first]) => failed(first)), [{ last_error: /certificate/ }]);
});

t.test('a body that is huge, slow or cut off does not undo the answer', async (t) => {
  const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n';
  const huge = await endpointAt(t, await startSockets(t, (socket) => void socket.write(`${ok}${'x'.repeat(1 << 20)}`)));
  const cut = await endpointAt(t, await startSockets(t, (socket) => void socket.write(ok, () => socket.destroy())));
  const drip = await endpointAt(
    t,
    await startSockets(t, (socket) => {
      socket.write(ok);
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    }),
  );
  startSender(t, { deadlineMs: 500 });
  await queue(nextOrder(), 'confirmed');
  for (const endpointId of [huge, cut, drip]) {
    t.match(await untilRows(endpointId, 'the delivery', allDelivered), [{ attempts: 1, last_status: 200 }]);
  }
});

t.test('429 with Retry-After: nothing is sent to the endpoint before', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answerBy((_, response) => void response.writeHead(429, { 'retry-after': '120' }).end());
  const endpointId = await endpointAt(t, receiver.url);
  startSender(t);
  await queue(nextOrder(), 'confirmed');
  const [row] = await untilRows(endpointId, 'a failure', ([first]) => failed(first));
  t.ok(Number(row?.seconds) > 100, `${row?.seconds} s`);
  const [[endpoint]] = await mysql.raw(
    'SELECT TIMESTAMPDIFF(SECOND, NOW(3), not_before) AS seconds FROM webhook_endpoint WHERE id = ?',
    [endpointId],
  );
  t.ok(endpoint.seconds > 100, `${endpoint.seconds} s`);
  t.equal(receiver.received.length, 1);
});

t.test('a later event of an order waits for the earlier one, and other orders do not', async (t) => {
  const receiver = await startReceiver(t);
  const stuck = nextOrder();
  receiver.answerBy(({ id }, response) => void response.writeHead(id === `${stuck}:confirmed` ? 500 : 204).end());
  const endpointId = await endpointAt(t, receiver.url);
  startSender(t);
  await queue(stuck, 'confirmed', 'paid');
  await queue(stuck, 'refunded');
  const others = Array.from({ length: 30 }, nextOrder);
  for (const orderNo of others) await queue(orderNo, 'confirmed', 'paid');
  await waitUntil(
    'the others',
    async () => {
      await passPauses();
      const open = (await rowsOf(endpointId)).filter(({ state }) => state === 'pending');
      if (open.length !== 3) throw new Error(`${open.length} open`);
    },
    { limitMs: 15_000 },
  );
  t.ok(receiver.received.every(({ id }) => !id.startsWith(`${stuck}:`) || id === `${stuck}:confirmed`));
  receiver.answerBy((_, response) => void response.writeHead(204).end());
  await passPauses();
  await untilRows(endpointId, 'all', allDelivered);
  const ofStuck = receiver.received.map(({ id }) => id).filter((id) => id.startsWith(`${stuck}:`));
  t.same([...new Set(ofStuck)], [`${stuck}:confirmed`, `${stuck}:paid`, `${stuck}:refunded`]);
});

t.test('after three days a delivery is dead, and the next event of its order is sent', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answerBy(({ id }, response) => void response.writeHead(/confirmed/.test(id) ? 503 : 204).end());
  const endpointId = await endpointAt(t, receiver.url);
  await queue(nextOrder(), 'confirmed', 'paid');
  await mysql.raw(`UPDATE webhook_delivery SET due_since = NOW(3) - INTERVAL 72 HOUR WHERE endpoint_id = ?`, [
    endpointId,
  ]);
  startSender(t);
  await untilRows(endpointId, 'a dead one', ([first]) => first?.state === 'dead');
  await passPauses();
  t.match(await untilRows(endpointId, 'the next', ([, next]) => next?.state === 'delivered'), [
    { state: 'dead', last_status: 503, seconds: null },
    { state: 'delivered' },
  ]);
});

t.test('an endpoint that hangs delays no other, and gets ten calls at most at once', async (t) => {
  let open = 0;
  const hangs = await endpointAt(
    t,
    await startSockets(t, () => {
      open += 1;
    }),
  );
  const receiver = await startReceiver(t);
  let [now, most] = [0, 0];
  receiver.answerBy((_, response) => {
    now += 1;
    most = Math.max(most, now);
    setTimeout(() => {
      now -= 1;
      response.writeHead(204).end();
    }, 20);
  });
  const well = await endpointAt(t, receiver.url);
  startSender(t, { deadlineMs: 5000 });
  startSender(t, { deadlineMs: 5000 });
  for (let i = 0; i < 60; i += 1) await queue(nextOrder(), 'confirmed');
  const startedMs = Date.now();
  await untilRows(well, 'all at the other', allDelivered);
  t.ok(Date.now() - startedMs < 4000, `${Date.now() - startedMs} ms`);
  await waitUntil(
    'ten calls',
    () => {
      if (open < 10) throw new Error(`${open}`);
    },
    { limitMs: 4000 },
  );
  t.ok(most > 1 && most <= 10, `${most} at once`);
  t.ok((await rowsOf(hangs)).every(({ state }) => state === 'pending'));
});

t.test('a failing endpoint is tried with one call at a time, after longer and longer pauses', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answerBy((_, response) => void response.writeHead(500).end());
  const endpointId = await endpointAt(t, receiver.url);
  for (let i = 0; i < 40; i += 1) await queue(nextOrder(), 'confirmed');
  startSender(t);
  await receiver.waitFor(10);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const first = receiver.received.length;
  t.ok(first <= 20, `${first} calls`);
  await mysql.raw('UPDATE webhook_endpoint SET not_before = NULL');
  await receiver.waitFor(first + 1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.equal(receiver.received.length, first + 1);
  receiver.answerBy((_, response) => void response.writeHead(200).end());
  await passPauses();
  await untilRows(endpointId, 'all', allDelivered);
});

t.test('a sender that stops gives its deliveries back at once', async (t) => {
  const endpointId = await endpointAt(t, await startSockets(t, () => undefined));
  const first = startSender(t, { deadlineMs: 10_000 });
  await queue(nextOrder(), 'confirmed');
  await untilRows(endpointId, 'a call', ([row]) => row?.attempts === 1);
  await first.close();
  t.match(await rowsOf(endpointId), [{ state: 'pending', attempts: 0, last_error: null }]);
  t.ok(Number((await rowsOf(endpointId))[0]?.seconds) <= 0);
});

t.test('private addresses are not called, whatever leads to them', async (t) => {
  const receiver = await startReceiver(t);
  const { port } = new URL(receiver.url);
  const urls = [receiver.url, `http://localhost:${port}/`, `http://[::ffff:127.0.0.1]:${port}/`, `http://0:${port}/`];
  const endpoints = [];
  for (const url of urls) endpoints.push(await endpointAt(t, url));
  startSender(t, { addresses: 'public' });
  await queue(nextOrder(), 'confirmed');
  for (const endpointId of endpoints) {
    t.match(await untilRows(endpointId, 'a failure', ([first]) => failed(first)), [{ last_error: /not public/ }]);
  }
  t.equal(receiver.connections(), 0);
});

t.test('what has ended is purged after days, and what waits in vain is dead', async (t) => {
  const receiver = await startReceiver(t);
  const endpointId = await endpointAt(t, receiver.url);
  const sender = startSender(t);
  await queue(nextOrder(), 'confirmed');
  await untilRows(endpointId, 'the delivery', allDelivered);
  await sender.close();
  const purge = () => purgeDeliveries(database, { batch: 100, deliveredDays: 3, keptDays: 30 }, realPace);
  await purge();
  t.equal((await rowsOf(endpointId)).length, 1);
  await mysql.raw('UPDATE webhook_delivery SET ended_at = NOW(3) - INTERVAL 4 DAY WHERE endpoint_id = ?', [endpointId]);
  await purge();
  t.same(await rowsOf(endpointId), []);
  await queue(nextOrder(), 'confirmed');
  await mysql.raw('UPDATE webhook_delivery SET due_since = NOW(3) - INTERVAL 31 DAY WHERE endpoint_id = ?', [
    endpointId,
  ]);
  await purge();
  t.match(await rowsOf(endpointId), [{ state: 'dead', last_error: 'not delivered in time' }]);
});

t.test('pauses double from 5 s to 4 h, give or take a quarter', async (t) => {
  const middle = () => 0.5;
  t.same(
    [1, 2, 3, 20, 999].map((attempts) => retrySeconds(attempts, middle)),
    [5, 10, 20, 14_400, 14_400],
  );
  t.same([retrySeconds(1, () => 0), retrySeconds(1, () => 1)], [3.75, 6.25]);
});
