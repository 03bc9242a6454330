import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { startProxy } from './proxy.ts';

const limit = { limitMs: 5000 };

/** A server that answers each text in capitals. */
async function startEcho(t: Test, port = 0): Promise<{ port: number; received: string[]; end(): void }> {
  const received: string[] = [];
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      received.push(String(data));
      socket.write(String(data).toUpperCase());
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const end = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  t.teardown(end);
  return { port: (server.address() as net.AddressInfo).port, received, end };
}

async function connect(t: Test, address: string) {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = net.connect({ host: hostname, port: Number(port) });
  t.teardown(() => socket.destroy());
  let answers = '';
  socket.on('data', (data) => {
    answers += data;
  });
  socket.on('error', () => undefined);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), ended]);
  return { send: (text: string) => socket.write(text), answers: () => answers, ended, isOpen: () => !socket.destroyed };
}

async function waitForText(read: () => string, text: string): Promise<void> {
  const check = () => {
    if (read() !== text) throw new Error(`'${read()}'`);
  };
  await waitUntil(`'${text}'`, check, limit);
}

async function open(t: Test, options: Parameters<typeof startProxy>[1] = {}) {
  const echo = await startEcho(t);
  const proxy = await startProxy(`127.0.0.1:${echo.port}`, options);
  t.teardown(() => proxy.close());
  return { echo, proxy };
}

t.test('data that is held back arrives later, in both directions', async (t) => {
  const { echo, proxy } = await open(t);
  const client = await connect(t, proxy.address);
  client.send('a');
  await waitForText(client.answers, 'A');
  proxy.blackHole('replies');
  client.send('b');
  await waitForText(() => echo.received.join(''), 'ab');
  await sleep(50);
  t.equal(client.answers(), 'A');
  proxy.restore();
  await waitForText(client.answers, 'AB');
  proxy.blackHole('requests');
  client.send('c');
  await sleep(50);
  t.same(echo.received, ['a', 'b']);
  proxy.restore();
  await waitForText(client.answers, 'ABC');
});

t.test('a lost reply stays lost, and its connection ends with the fault', async (t) => {
  const { echo, proxy } = await open(t);
  const client = await connect(t, proxy.address);
  const other = await connect(t, proxy.address);
  proxy.loseReplies((chunk) => chunk.includes('COMMIT'));
  client.send('COMMIT');
  other.send('x');
  await waitForText(other.answers, 'X');
  await waitForText(() => echo.received.filter((text) => text !== 'x').join(''), 'COMMIT');
  await sleep(50);
  t.equal(client.answers(), '');
  proxy.restore();
  await client.ended;
  t.ok(other.isOpen());
});

t.test('cut: every connection ends; with refusesToo new ones are refused', async (t) => {
  const { echo, proxy } = await open(t, { refusesToo: true });
  const client = await connect(t, proxy.address);
  client.send('a');
  await waitForText(client.answers, 'A');
  proxy.cut();
  await client.ended;
  const isRefused = async () => {
    const next = await connect(t, proxy.address);
    if (next.isOpen()) throw new Error('accepted');
  };
  await waitUntil('a refusal', isRefused, limit);
  proxy.restore();
  const isAccepted = async () => {
    const next = await connect(t, proxy.address);
    if (!next.isOpen()) throw new Error('refused');
    next.send('b');
    await waitForText(next.answers, 'B');
  };
  await waitUntil('a connection', isAccepted, limit);
  echo.end();
  await waitUntil('a refusal while the server is down', isRefused, limit);
  await startEcho(t, echo.port);
  await waitUntil('a connection when the server is back', isAccepted, limit);
});
