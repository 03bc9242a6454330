import path from 'node:path';
import { createCommand } from '../command/create-command.ts';
import { waitUntil } from '../command/wait-until.ts';
import { root } from '../local/set-up/set-up.mjs';
import { isAlive } from '../local/supervisor/process-identity.ts';
import { readRunFile } from '../local/supervisor/run-file.ts';
import { stopLeftBehind } from '../local/supervisor/stop-left-behind.ts';

const usage = `Usage: flash-sale stop

Stops the system of npm start, also when npm start itself was killed.

Examples:
  npx flash-sale stop`;

// The sum of all stop limits: nginx and the processes 10 s each, Kafka 15 s, Redis 10 s, MariaDB 20 s, and a reserve.
const STOP_LIMIT_MS = 90_000;

export const stopCommand = createCommand({
  usage,
  options: {},
  async run() {
    const dir = path.join(root, '.local');
    const run = readRunFile(dir);
    if (run && isAlive(run.supervisor)) {
      console.log(`· npm start (pid ${run.supervisor.pid}) … stopping`);
      process.kill(run.supervisor.pid, 'SIGTERM');
      const checkGone = () => {
        if (isAlive(run.supervisor)) throw new Error('still running');
      };
      await waitUntil('npm start to end', checkGone, { limitMs: STOP_LIMIT_MS });
    }
    await stopLeftBehind(dir, console.log);
    console.log(run ? '· stopped' : 'No system is running.');
    return 0;
  },
});
