import { spawnSync } from 'node:child_process';
import t from 'tap';
import { processName } from '../proto/settings/read-settings.ts';
import { isPredecessor } from './is-predecessor.ts';

/** The default name of a process. */
const unnamed = (pid: number) => processName('', 'order-worker').replace(/-\d+$/, `-${pid}`);

t.test('a process replaces the one of its own name, and dead ones of its host', async (t) => {
  const { pid: gone } = spawnSync('true');
  t.ok(isPredecessor('order-worker-1', 'order-worker-1'));
  t.ok(isPredecessor(unnamed(process.pid), unnamed(process.pid)));
  t.ok(isPredecessor(unnamed(gone), unnamed(process.pid)));
  t.notOk(isPredecessor(unnamed(process.ppid), unnamed(process.pid)), 'that process is alive');
  t.notOk(isPredecessor(`order-worker-elsewhere-${gone}`, unnamed(process.pid)));
  t.notOk(isPredecessor('order-worker-2', 'order-worker-1'));
  t.notOk(isPredecessor(`order-worker-${gone}`, `order-worker-${process.pid}`), 'a name that was given says no number');
  t.notOk(isPredecessor('some-reader', 'order-worker-1'));
});
