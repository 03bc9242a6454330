import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { startProxy } from './proxy.ts';

const limit = { limitMs: 5000 };

/** Answers each text with the same in capitals. Returns its port. */
async function startEcho(t: Test, port = 0): Promise<{ port: number; heard: string[]; end(): void }> {
  const heard: string[] = [];
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      heard.push(String(data));
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
  return { port: (server.address() as net.AddressInfo).port, heard, end };
}

async function connect(t: Test, address: string) {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = net.connect({ host: hostname, port: Number(port) });
  t.teardown(() => socket.destroy());
  let said = '';
  socket.on('data', (data) => {
    said += data;
  });
  socket.on('error', () => undefined);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), ended]);
  return { say: (text: string) => socket.write(text), said: () => said, ended, isOpen: () => !socket.destroyed };
}

async function waitForText(said: () => string, text: string): Promise<void> {
  const check = () => {
    if (said() !== text) throw new Error(`'${said()}'`);
  };
  await waitUntil(`'${text}'`, check, limit);
}

async function open(t: Test, options: Parameters<typeof startProxy>[1] = {}) {
  const echo = await startEcho(t);
  const proxy = await startProxy(`127.0.0.1:${echo.port}`, options);
  t.teardown(() => proxy.close());
  return { echo, proxy };
}

t.test('what is held back arrives later, in either direction', async (t) => {
  const { echo, proxy } = await open(t);
  const client = await connect(t, proxy.address);
  client.say('a');
  await waitForText(client.said, 'A');
  proxy.blackHole('replies');
  client.say('b');
  await waitForText(() => echo.heard.join(''), 'ab');
  await sleep(50);
  t.equal(client.said(), 'A');
  proxy.restore();
  await waitForText(client.said, 'AB');
  proxy.blackHole('requests');
  client.say('c');
  await sleep(50);
  t.same(echo.heard, ['a', 'b']);
  proxy.restore();
  await waitForText(client.said, 'ABC');
});

t.test('a lost reply is lost, and its connection ends with the fault', async (t) => {
  const { echo, proxy } = await open(t);
  const client = await connect(t, proxy.address);
  const other = await connect(t, proxy.address);
  proxy.loseReplies((chunk) => chunk.includes('COMMIT'));
  client.say('COMMIT');
  other.say('x');
  await waitForText(other.said, 'X');
  await waitForText(() => echo.heard.filter((text) => text !== 'x').join(''), 'COMMIT');
  await sleep(50);
  t.equal(client.said(), '');
  proxy.restore();
  await client.ended;
  t.ok(other.isOpen());
});

t.test('cut: every connection ends; one that refuses like its server takes none', async (t) => {
  const { echo, proxy } = await open(t, { refusesToo: true });
  const client = await connect(t, proxy.address);
  client.say('a');
  await waitForText(client.said, 'A');
  proxy.cut();
  await client.ended;
  const isRefused = async () => {
    const next = await connect(t, proxy.address);
    if (next.isOpen()) throw new Error('taken');
  };
  await waitUntil('a refusal', isRefused, limit);
  proxy.restore();
  const isTaken = async () => {
    const next = await connect(t, proxy.address);
    if (!next.isOpen()) throw new Error('refused');
    next.say('b');
    await waitForText(next.said, 'B');
  };
  await waitUntil('a connection', isTaken, limit);
  echo.end();
  await waitUntil('a refusal, as the server is gone', isRefused, limit);
  await startEcho(t, echo.port);
  await waitUntil('a connection, as it is back', isTaken, limit);
});
