import path from 'node:path';
import { createCommand } from '../command/create-command.ts';
import { hidePassword } from '../command/hide-password.ts';
import { root } from '../local/set-up/set-up.mjs';
import { isAlive } from '../local/supervisor/process-identity.ts';
import { readRunFile } from '../local/supervisor/run-file.ts';

const usage = 'Usage: npm run status\n\nPrints what npm start runs. Exit code 0: the system is up; 1: it is not.';

export const statusCommand = createCommand({
  usage,
  options: {},
  run() {
    const run = readRunFile(path.join(root, '.local'));
    if (!run) {
      console.log('No system is running.');
      return 1;
    }
    const isSupervised = isAlive(run.supervisor);
    console.log(
      isSupervised
        ? `npm start (pid ${run.supervisor.pid}): ${run.state}`
        : `npm start (pid ${run.supervisor.pid}) has ended and left these processes behind; npm stop ends them.`,
    );
    for (const found of run.processes) {
      const restarts = found.restarts > 0 ? `, restarted ${found.restarts} times` : '';
      console.log(`  ${found.name.padEnd(16)} pid ${found.pid} ${isAlive(found) ? 'running' : 'gone'}${restarts}`);
    }
    for (const [name, address] of Object.entries(run.addresses)) {
      console.log(`  ${name.padEnd(16)} ${hidePassword(address)}`);
    }
    console.log('The passwords are in .local/run/system.json.');
    return isSupervised && run.state === 'up' ? 0 : 1;
  },
});
