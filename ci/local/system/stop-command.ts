import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../set-up/set-up.mjs';
import { isAlive } from '../supervisor/process-identity.ts';
import { stopLeftBehind } from '../supervisor/stop-left-behind.ts';
import { readRunFile } from './run-file.ts';
import { waitUntil } from './wait-until.ts';

const usage = 'Usage: npm stop\n\nStops what npm start runs, also where that start itself was killed.';
// The sum of all limits: nginx and the processes 10 s each, Kafka 15 s, Redis 10 s, MariaDB 20 s, and some.
const stopLimitMs = 90_000;

async function stop(): Promise<void> {
  const dir = path.join(root, '.local');
  const run = readRunFile(dir);
  if (run && isAlive(run.supervisor)) {
    console.log(`· npm start (pid ${run.supervisor.pid}) … stopping`);
    process.kill(run.supervisor.pid, 'SIGTERM');
    const gone = () => {
      if (isAlive(run.supervisor)) throw new Error('still there');
    };
    await waitUntil('npm start to end', gone, { limitMs: stopLimitMs });
  }
  await stopLeftBehind(dir, console.log);
  console.log(run ? '· stopped' : 'Nothing runs.');
}

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
  if (values.help) console.log(usage);
  else await stop();
} catch (error) {
  const mistyped = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(mistyped ? `${(error as Error).message}\n\n${usage}` : `✗ ${(error as Error).message}`);
  process.exitCode = mistyped ? 2 : 1;
}
