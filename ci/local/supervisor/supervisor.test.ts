import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, statSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { findFreePorts } from '../ports/find-free-ports.ts';
import { findSession, isAlive, readBootId, readProcess } from './process-identity.ts';
import { readRunFile, writeRunFile } from './run-file.ts';
import { type Supervisor, startSupervisor } from './start-supervisor.ts';
import { stopLeftBehind } from './stop-left-behind.ts';
import { watchFrozen } from './watch-frozen.ts';

const limit = { limitMs: 10_000 };

async function superviseSleep(t: Test): Promise<{ supervisor: Supervisor; dir: string; printed: string[] }> {
  const dir = t.testdir();
  const printed: string[] = [];
  const supervisor = await startSupervisor(dir, (line) => printed.push(line));
  t.teardown(() => supervisor.stop());
  await supervisor.start({
    name: 'sleep',
    kind: 'redis',
    command: 'sh',
    // Two processes, so that a session has more than its leader.
    args: ['-c', 'sleep 60 & wait'],
    logFile: path.join(dir, 'logs', 'sleep.log'),
    stopLimitMs: 2000,
    waitUntilReady: async () => {},
  });
  return { supervisor, dir, printed };
}

t.test('files are readable for their owner only, also in a folder that was open', async (t) => {
  const dir = t.testdir({ old: 'x' });
  chmodSync(dir, 0o755);
  const supervisor = await startSupervisor(dir, () => {});
  t.teardown(() => supervisor.stop());
  const logFile = supervisor.logFile('touch');
  await supervisor.start({
    name: 'touch',
    kind: 'redis',
    command: 'sh',
    args: ['-c', `: >${dir}/made; sleep 60 & wait`],
    logFile,
    stopLimitMs: 2000,
    waitUntilReady: () => waitUntil('a file', () => void statSync(`${dir}/made`), limit),
  });
  t.equal(statSync(dir).mode & 0o777, 0o700);
  for (const file of [logFile, `${dir}/made`, `${dir}/logs`]) t.equal(statSync(file).mode & 0o077, 0, file);
});

t.test('a killed process is restarted and reported, and its children end', async (t) => {
  const { supervisor, dir, printed } = await superviseSleep(t);
  const [first] = readRunFile(dir)?.processes ?? [];
  if (!first) throw new Error('not in the run file');
  process.kill(first.pid, 'SIGKILL');
  await waitUntil('a new process', () => checkIsNew(supervisor, first.pid), limit);
  t.equal(findSession(first).length, 0);
  t.match(printed[0], /sleep \(pid \d+\) was ended by SIGKILL; restart in 0.2 s/);
  t.equal(readRunFile(dir)?.processes[0]?.restarts, 1);
});

/** A server of /livez that is busy for 2.5 s after a request to /busy. */
const SERVER = `require('http').createServer((request, response) => {
  response.end();
  if (request.url === '/busy') for (const untilMs = Date.now() + 2500; Date.now() < untilMs; );
}).listen(Number(process.argv[1]), '127.0.0.1')`;

t.test('a frozen process is killed and restarted, a busy process is not', async (t) => {
  const dir = t.testdir();
  const [port = 0] = await findFreePorts(1);
  const printed: string[] = [];
  const supervisor = await startSupervisor(dir, (line) => printed.push(line));
  t.teardown(() => supervisor.stop());
  const ask = async (path: string) => void (await (await fetch(`http://127.0.0.1:${port}${path}`)).body?.cancel());
  await supervisor.start({
    name: 'sleep',
    kind: 'redis',
    command: process.execPath,
    args: ['-e', SERVER, String(port)],
    logFile: path.join(dir, 'logs', 'sleep.log'),
    stopLimitMs: 2000,
    waitUntilReady: () => waitUntil('an answer', () => ask('/livez'), limit),
    watch: (watch) => watchFrozen(`http://127.0.0.1:${port}/livez`, watch),
  });
  const pid = supervisor.pidOf('sleep') ?? 0;
  await ask('/busy');
  await waitUntil('the end of its work', () => ask('/livez'), limit);
  t.equal(supervisor.pidOf('sleep'), pid);
  t.same(printed, []);
  process.kill(pid, 'SIGSTOP');
  await waitUntil('a new process', () => checkIsNew(supervisor, pid), limit);
  t.match(printed[0], /sleep \(pid \d+\) is frozen: killed/);
  await waitUntil('an answer', () => ask('/livez'), limit);
});

function checkIsNew(supervisor: Supervisor, oldPid: number): void {
  const pid = supervisor.pidOf('sleep');
  if (pid === undefined || pid === oldPid) throw new Error('still the old process');
}

t.test('a halted process stays stopped until it is replaced', async (t) => {
  const { supervisor, dir } = await superviseSleep(t);
  supervisor.declareUp();
  const [leader] = readRunFile(dir)?.processes ?? [];
  if (!leader) throw new Error('not in the run file');
  await supervisor.halt('sleep');
  t.equal(findSession(leader).length, 0);
  t.match(supervisor.list(), [{ name: 'sleep', pid: undefined }]);
  t.same(readRunFile(dir)?.processes, []);
  await supervisor.replace('sleep');
  t.not(supervisor.pidOf('sleep') ?? leader.pid, leader.pid);
  await t.rejects(supervisor.halt('unknown'), { message: 'there is no process unknown' });
});

t.test('stop leaves no process and no run file', async (t) => {
  const { supervisor, dir } = await superviseSleep(t);
  const [leader] = readRunFile(dir)?.processes ?? [];
  if (!leader) throw new Error('not in the run file');
  await supervisor.stop();
  t.equal(findSession(leader).length, 0);
  t.equal(readRunFile(dir), undefined);
});

t.test('a second supervisor and stopLeftBehind do not touch the processes of a running supervisor', async (t) => {
  const { supervisor, dir } = await superviseSleep(t);
  const before = supervisor.pidOf('sleep');
  await t.rejects(
    startSupervisor(dir, () => {}),
    { message: /already running/ },
  );
  await t.rejects(
    stopLeftBehind(dir, () => {}),
    { message: /running supervisor/ },
  );
  t.equal(supervisor.pidOf('sleep'), before);
});

t.test('a reused pid is not signalled', async (t) => {
  const { supervisor, dir } = await superviseSleep(t);
  const run = readRunFile(dir);
  if (!run?.processes[0]) throw new Error('not in the run file');
  await supervisor.stop();
  const other = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  t.teardown(() => other.kill('SIGKILL'));
  const identity = readProcess(other.pid ?? 0);
  if (!identity) throw new Error('the other process did not start');
  const older = { ...run.processes[0], pid: identity.pid, startTicks: identity.startTicks - 1 };
  const dead = { pid: run.supervisor.pid, startTicks: run.supervisor.startTicks - 1 };
  writeRunFile(dir, { ...run, supervisor: dead, processes: [older] });
  t.equal(await stopLeftBehind(dir, () => {}), 0);
  t.ok(isAlive(identity));
});

t.test('processes that a dead supervisor left behind are stopped', async (t) => {
  const dir = t.testdir();
  const left = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  const ended = once(left, 'exit');
  const identity = readProcess(left.pid ?? 0);
  if (!identity) throw new Error('it did not start');
  writeRunFile(dir, {
    bootId: readBootId(),
    supervisor: { pid: process.pid, startTicks: 1 },
    state: 'up',
    addresses: {},
    processes: [{ ...identity, name: 'sleep', kind: 'redis', restarts: 0, logFile: '', stopLimitMs: 2000 }],
  });
  t.equal(await stopLeftBehind(dir, () => {}), 1);
  const [, signal] = await ended;
  t.equal(signal, 'SIGTERM');
});
