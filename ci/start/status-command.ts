import path from 'node:path';
import { createCommand } from '../command/create-command.ts';
import { hidePassword } from '../command/hide-password.ts';
import { writeJson } from '../command/write-json.ts';
import { root } from '../local/set-up/set-up.mjs';
import { isAlive } from '../local/supervisor/process-identity.ts';
import { readRunFile } from '../local/supervisor/run-file.ts';

const usage = `Usage: flash-sale status [options]

Prints what npm start runs. Exit code 0: the system is up; 1: it is not.

  --json FILE   also write the result to FILE: {state, pid, processes, addresses}; - is standard output
  --help        print this

Examples:
  npx flash-sale status
  npx flash-sale status --json -`;

export const statusCommand = createCommand({
  usage,
  options: { json: { type: 'string' } },
  run({ json }) {
    const run = readRunFile(path.join(root, '.local'));
    if (!run) {
      console.log('No system is running.');
      writeJson(json, { state: 'down', pid: null, processes: [], addresses: {} });
      return 1;
    }
    const isSupervised = isAlive(run.supervisor);
    console.log(
      isSupervised
        ? `npm start (pid ${run.supervisor.pid}): ${run.state}`
        : `npm start (pid ${run.supervisor.pid}) has ended and left these processes behind; npm stop ends them.`,
    );
    const processes = run.processes.map((found) => {
      const { name, pid, restarts } = found;
      return { name, pid, running: isAlive(found), restarts };
    });
    for (const { name, pid, running, restarts } of processes) {
      const again = restarts > 0 ? `, restarted ${restarts} times` : '';
      console.log(`  ${name.padEnd(16)} pid ${pid} ${running ? 'running' : 'gone'}${again}`);
    }
    const addresses = Object.entries(run.addresses).map(([name, address]) => [name, hidePassword(address)] as const);
    for (const [name, address] of addresses) console.log(`  ${name.padEnd(16)} ${address}`);
    console.log('The passwords are in .local/run/system.json.');
    writeJson(json, {
      state: isSupervised ? run.state : 'left_behind',
      pid: run.supervisor.pid,
      processes,
      addresses: Object.fromEntries(addresses),
    });
    return isSupervised && run.state === 'up' ? 0 : 1;
  },
});
