import path from 'node:path';
import { parseArgs } from 'node:util';
import { hidePassword } from '../../command/hide-password.ts';
import { root } from '../set-up/set-up.mjs';
import { isAlive } from '../supervisor/process-identity.ts';
import { readRunFile } from './run-file.ts';

const usage = 'Usage: npm run status\n\nShows what npm start runs. Exit code 0 when it is up, else 1.';

function showStatus(): number {
  const run = readRunFile(path.join(root, '.local'));
  if (!run) {
    console.log('Nothing runs.');
    return 1;
  }
  const supervised = isAlive(run.supervisor);
  console.log(
    supervised
      ? `npm start (pid ${run.supervisor.pid}): ${run.state}`
      : `npm start (pid ${run.supervisor.pid}) has ended and left these behind; npm stop ends them.`,
  );
  for (const one of run.processes) {
    const restarts = one.restarts > 0 ? `, started again ${one.restarts} times` : '';
    console.log(`  ${one.name.padEnd(16)} pid ${one.pid} ${isAlive(one) ? 'runs' : 'is gone'}${restarts}`);
  }
  for (const [name, address] of Object.entries(run.addresses)) {
    console.log(`  ${name.padEnd(16)} ${hidePassword(address)}`);
  }
  console.log('The passwords are in .local/run/system.json.');
  return supervised && run.state === 'up' ? 0 : 1;
}

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
  if (values.help) console.log(usage);
  else process.exitCode = showStatus();
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 2;
}
