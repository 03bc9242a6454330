import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import t, { type Test } from 'tap';
import { readStatus } from './open-connections.ts';
import { type ClickPlan, sendClicks } from './send-clicks.ts';

const BUYERS = 40;

async function startServer(t: Test, listener: RequestListener): Promise<ClickPlan> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  t.teardown(() => server.closeAllConnections());
  t.teardown(() => server.close());
  await once(server, 'listening');
  const lines = Array.from({ length: BUYERS }, (_, buyer) => `token-${String(buyer).padStart(3, '0')}\n`);
  return {
    port: (server.address() as AddressInfo).port,
    method: 'POST',
    path: '/orders',
    tokens: { file: path.join(t.testdir({ tokens: lines.join('') }), 'tokens'), lineBytes: 10, firstLine: 0 },
    clicks: BUYERS,
    spreadMs: 200,
    deadlineMs: 5000,
    maxConnections: 1000,
  };
}

t.test('each buyer clicks once, with an own token, no earlier than due', async (t) => {
  const tokens: (string | undefined)[] = [];
  const plan = await startServer(t, (request, response) => {
    tokens.push(request.headers.authorization);
    const status = request.headers.authorization === 'Bearer token-006' ? 410 : 201;
    response.writeHead(status, { 'content-length': 2 }).end('{}');
  });
  const { sentMs, answeredMs, statuses, cpuMs } = await sendClicks(plan);
  t.same(
    tokens.sort(),
    Array.from({ length: BUYERS }, (_, buyer) => `Bearer token-${String(buyer).padStart(3, '0')}`),
  );
  t.equal(statuses[6], 410);
  t.equal(statuses.filter((status) => status === 201).length, BUYERS - 1);
  for (const [click, ms] of sentMs.entries()) {
    t.ok(ms >= (click * 200) / BUYERS, `click ${click} at ${ms}`);
    t.ok((answeredMs[click] ?? 0) >= ms);
  }
  t.ok(cpuMs > 0);
});

t.test('slow answers delay no click: each gets a connection of its own', async (t) => {
  const waiting: (() => void)[] = [];
  const plan = await startServer(t, (_, response) => {
    waiting.push(() => response.writeHead(201, { 'content-length': 0 }).end());
    if (waiting.length === BUYERS) for (const answer of waiting) answer();
  });
  const { statuses, connections } = await sendClicks(plan);
  t.equal(connections, BUYERS);
  t.ok(statuses.every((status) => status === 201));
});

t.test('clicks above the maximum of connections wait for a free one', async (t) => {
  const plan = await startServer(t, (_, response) => {
    response.writeHead(201, { 'content-length': 0 }).end();
  });
  const { statuses, connections } = await sendClicks({ ...plan, spreadMs: 1, maxConnections: 3 });
  t.equal(connections, 3);
  t.ok(statuses.every((status) => status === 201));
});

t.test('clicks that are late for lack of a connection are dropped on request', async (t) => {
  const plan = await startServer(t, (_, response) => void response);
  const { sentMs, statuses } = await sendClicks({ ...plan, deadlineMs: 100, maxConnections: 3, dropsLate: true });
  t.equal(sentMs.filter((ms) => Number.isNaN(ms)).length, BUYERS - 3);
  t.ok(statuses.every((status) => status === 0));
});

t.test('a click without an answer has status 0', async (t) => {
  const plan = await startServer(t, (request, response) => {
    const isFirst = request.headers.authorization === 'Bearer token-000';
    if (isFirst) response.destroy();
    else if (request.headers.authorization !== 'Bearer token-001') response.writeHead(503).end();
  });
  const { statuses, answeredMs } = await sendClicks({ ...plan, deadlineMs: 300 });
  t.equal(statuses[0], 0, 'the connection was closed');
  t.equal(statuses[1], 0, 'there was no answer in time');
  t.ok(Number.isNaN(answeredMs[1]));
  t.equal(statuses.filter((status) => status === 503).length, BUYERS - 2);
});

t.test('readStatus waits for a whole answer', async (t) => {
  const answer = 'HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}';
  t.equal(readStatus(answer), 201);
  t.equal(readStatus(answer.slice(0, -1)), undefined);
  t.equal(readStatus(answer.slice(0, 30)), undefined);
  const chunked = 'HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n';
  t.equal(readStatus(chunked), 503);
  t.equal(readStatus(chunked.slice(0, -2)), undefined);
});
