import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import Fastify from 'fastify';
import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { listenToEvents } from '../../ci/testing/clients/listen-to-events.ts';
import { encodeEvent, type Stream, startEventHub } from './event-hub.ts';

async function openHub(t: Test, heartbeatMs: number, untilMs?: number, unreadTotalMaxBytes?: number) {
  let dropped = 0;
  let left = 0;
  const streams: Stream[] = [];
  const replies: ServerResponse[] = [];
  const hub = startEventHub({
    maxStreams: 10,
    heartbeatMs,
    ...(unreadTotalMaxBytes !== undefined && { unreadTotalMaxBytes }),
    onDropped: () => {
      dropped += 1;
    },
  });
  const app = Fastify();
  app.get('/', async (_request, reply) => {
    reply.header('x-request-id', 'r1');
    replies.push(reply.raw);
    streams.push(
      hub.open(reply, { name: 'reader', maxStreams: 10, ...(untilMs !== undefined && { untilMs }) }, () => {
        left += 1;
      }),
    );
  });
  app.addHook('preClose', async () => hub.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.teardown(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  return { port, hub, streams, replies, dropped: () => dropped, left: () => left };
}

function expect(holds: boolean): void {
  if (!holds) throw new Error('not yet');
}

const EVENT = encodeEvent('stock', 1, { text: 'x'.repeat(16_000) });

t.test('a reader that reads nothing is dropped, and others are served', async (t) => {
  const { port, hub, streams, dropped, left } = await openHub(t, 60_000);
  const slow = net.connect(port, '127.0.0.1');
  slow.on('error', () => undefined);
  t.teardown(() => void slow.destroy());
  await once(slow, 'connect');
  slow.pause();
  slow.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const listener = await listenToEvents(t, `http://127.0.0.1:${port}/`);
  t.match(listener.headers, { 'x-request-id': 'r1', connection: 'close' });
  t.notOk(listener.headers['transfer-encoding']);
  await waitUntil('both to be there', () => expect(hub.size() === 2), { limitMs: 5000 });
  let sent = 0;
  await waitUntil(
    'the slow one to be dropped',
    () => {
      for (let i = 0; i < 4; i += 1) {
        for (const stream of streams) stream.send(EVENT);
        sent += 1;
      }
      if (dropped() === 0) throw new Error(`${sent} events are not enough`);
    },
    { limitMs: 30_000 },
  );
  await waitUntil('the place to be free', () => expect(hub.size() === 1), { limitMs: 5000 });
  t.equal(left(), 1);
  await listener.find('all events', () => listener.events.length === sent);
});

t.test('the slowest readers are dropped when all together have too many unread bytes', async (t) => {
  const { port, hub, streams, replies, dropped } = await openHub(t, 60_000, undefined, 150_000);
  const connect = async () => {
    const slow = net.connect(port, '127.0.0.1');
    slow.on('error', () => undefined);
    t.teardown(() => void slow.destroy());
    await once(slow, 'connect');
    slow.pause();
    slow.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  };
  for (let i = 0; i < 3; i += 1) await connect();
  const listener = await listenToEvents(t, `http://127.0.0.1:${port}/`);
  await waitUntil('all to be there', () => expect(hub.size() === 4), { limitMs: 5000 });
  // Each may leave 64 KB unread, so that no single one is too slow.
  const event = encodeEvent('stock', 1, { text: 'x'.repeat(2000) });
  const slowest = streams.slice(0, 3).map((stream, i) => ({ stream, raw: replies[i] as ServerResponse }));
  await waitUntil(
    'one to be dropped',
    () => {
      for (const { stream, raw } of slowest) {
        while (!raw.destroyed && raw.writableLength < 58_000) stream.send(event);
      }
      if (dropped() === 0) throw new Error('none was dropped');
    },
    { limitMs: 60_000 },
  );
  streams[3]?.send(event);
  await listener.find('the event', () => true);
  await waitUntil('its place to be free', () => expect(hub.size() < 4), { limitMs: 5000 });
});

t.test('all readers get heartbeats', async (t) => {
  const { port } = await openHub(t, 100);
  const listener = await listenToEvents(t, `http://127.0.0.1:${port}/`);
  await waitUntil(
    'two heartbeats',
    () => {
      if (listener.others.filter((line) => line === ': still here').length < 2) throw new Error('none yet');
    },
    { limitMs: 5000 },
  );
  t.same(listener.events, []);
});

t.test('a stream ends when its reader’s token expires', async (t) => {
  const untilMs = Date.now() + 300;
  const { port, hub, left } = await openHub(t, 50, untilMs);
  await listenToEvents(t, `http://127.0.0.1:${port}/`);
  t.equal(hub.size(), 1);
  await waitUntil('it to end', () => expect(hub.size() === 0), { limitMs: 5000 });
  t.ok(Date.now() >= untilMs, 'not before');
  t.equal(left(), 1);
});

t.test('an event has an id, a name and one line of data', async (t) => {
  t.equal(encodeEvent('stock', 7, { text: 'a\nb' }).toString(), 'id: 7\nevent: stock\ndata: {"text":"a\\nb"}\n\n');
});
