import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { callSupervisor } from '../../local/supervisor/call-supervisor.ts';
import { controlPath, serveControl } from '../../local/supervisor/serve-control.ts';
import { startSupervisor } from '../../local/supervisor/start-supervisor.ts';
import { haltWorkers, listWorkers } from '../replay/halt-workers.ts';
import { rollSystem } from './roll-system.ts';

const program = `
const { existsSync, writeFileSync } = require('node:fs');
const [dir, name] = process.argv.slice(1);
process.on('SIGTERM', () => process.exit(0));
setInterval(() => {}, 1000);
if (existsSync(dir + '/dies')) { console.error('cannot start: a bad release'); process.exit(1); }
if (!existsSync(dir + '/never-ready')) writeFileSync(dir + '/ready-' + process.pid, name);
`;

/** Three workers that do nothing, a process of kind redis, and a supervisor that serves commands. */
async function superviseThree(t: Test) {
  const dir = mkdtempSync(path.join(tmpdir(), 'roll-'));
  const supervisor = await startSupervisor(dir, () => {});
  t.teardown(async () => {
    await supervisor.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  for (const [name, kind] of [
    ['order-worker-1', 'order-worker'],
    ['order-worker-2', 'order-worker'],
    ['order-worker-3', 'order-worker'],
    ['redis', 'redis'],
  ] as const) {
    await supervisor.start({
      name,
      kind,
      command: process.execPath,
      args: ['-e', program, dir, name],
      stopLimitMs: 5000,
      logFile: path.join(dir, 'logs', `${name}.log`),
      waitUntilReady: (signal) => {
        const check = () => void statSync(path.join(dir, `ready-${supervisor.pidOf(name)}`));
        return waitUntil(`${name} to be ready`, check, { limitMs: 3000, signal });
      },
    });
  }
  supervisor.onStop(await serveControl(supervisor));
  supervisor.declareUp();
  const lines: string[] = [];
  const roll = () =>
    rollSystem({
      dir,
      url: 'http://127.0.0.1:9',
      consumers: [],
      app: 'order-worker',
      print: (line) => void lines.push(line),
    });
  const pids = () => supervisor.list().map(({ pid }) => pid);
  return { dir, roll, lines, pids, supervisor };
}

t.test('each replica is replaced, one after the other, and no other process', async (t) => {
  const { roll, lines, pids } = await superviseThree(t);
  const before = pids();
  await roll();
  const after = pids();
  for (const at of [0, 1, 2]) t.not(after[at], before[at]);
  t.equal(after[3], before[3]);
  t.match(lines, [/^· order-worker-1 … replaced/, /order-worker-2/, /order-worker-3/]);
});

for (const [how, file, message] of [
  [
    'does not become ready',
    'never-ready',
    /release stopped at order-worker-1.*still running the old code: order-worker-2, order-worker-3/,
  ],
  ['dies at its start', 'dies', /order-worker-1 ended with code 1 before it was ready[\s\S]*a bad release/],
] as const) {
  t.test(`a replica that ${how} stops the release, and the next release fixes it`, async (t) => {
    const { dir, roll, pids, supervisor } = await superviseThree(t);
    const before = pids();
    writeFileSync(path.join(dir, file), '');
    await t.rejects(roll(), { message });
    t.same(pids(), [undefined, ...before.slice(1)], 'the others are running');
    rmSync(path.join(dir, file));
    await roll();
    t.ok(pids().every((pid) => pid !== undefined));
    t.not(supervisor.pidOf('order-worker-3'), before[2]);
  });
}

t.test('only its owner can call the supervisor, and only valid requests are accepted', async (t) => {
  const { dir, pids } = await superviseThree(t);
  const before = pids();
  t.equal(statSync(controlPath(dir)).mode & 0o777, 0o600);
  await t.rejects(callSupervisor(dir, { ask: 'replace', name: 'redis' }), { message: /cannot be replaced/ });
  await t.rejects(callSupervisor(dir, { ask: 'replace', name: 'sh' }), { message: /cannot be replaced/ });
  for (const line of ['stop\n', '{"ask":"stop"}\n', 'null\n', 'x'.repeat(1000)]) {
    const socket = createConnection(controlPath(dir), () => socket.write(line));
    t.match(JSON.parse(await text(socket)), { ok: false });
  }
  const [first, second] = await Promise.allSettled(
    ['order-worker-1', 'order-worker-2'].map((name) => callSupervisor(dir, { ask: 'replace', name })),
  );
  t.same([first?.status, second?.status].sort(), ['fulfilled', 'rejected'], 'one at a time');
  t.equal(pids().filter((pid, at) => pid !== before[at]).length, 1);
  await t.rejects(callSupervisor(t.testdir(), { ask: 'list' }), { message: /no supervisor is running/ });
});

t.test('only an order-worker can be halted until it is replaced', async (t) => {
  const { dir, supervisor } = await superviseThree(t);
  await callSupervisor(dir, { ask: 'halt', name: 'order-worker-2' });
  t.equal(supervisor.pidOf('order-worker-2'), undefined);
  await callSupervisor(dir, { ask: 'replace', name: 'order-worker-2' });
  t.ok(supervisor.pidOf('order-worker-2'));
  const pid = supervisor.pidOf('redis');
  await t.rejects(callSupervisor(dir, { ask: 'halt', name: 'redis' }), { message: /redis cannot be halted/ });
  t.equal(supervisor.pidOf('redis'), pid);
});

t.test('all order-workers are halted, and a second halt changes nothing', async (t) => {
  const { dir, pids } = await superviseThree(t);
  const printed: string[] = [];
  const names = await haltWorkers(dir, (line) => printed.push(line));
  t.same(names, ['order-worker-1', 'order-worker-2', 'order-worker-3']);
  t.match(pids(), [undefined, undefined, undefined, Number]);
  await haltWorkers(dir, (line) => printed.push(line));
  t.match(printed, [/1 … stopped/, /2 … stopped/, /3 … stopped/, /1 … already stopped/, /2/, /3/]);
  t.ok((await listWorkers(dir)).every(({ isRunning }) => !isRunning));
  await callSupervisor(dir, { ask: 'replace', name: 'order-worker-1' });
  t.match(await listWorkers(dir), [{ isRunning: true }, { isRunning: false }, { isRunning: false }]);
});
