import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readCount } from '../../command/read-count.ts';
import { stopOnSignal } from '../../command/stop-on-signal.ts';
import { root } from '../../local/set-up/set-up.mjs';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { findSystem } from '../../local/system/find-system.ts';
import { startSystem } from '../../local/system/start-system.ts';
import { type LadderOptions, type LadderResult, type LadderTarget, runLadder } from './run-ladder.ts';

const usage = `Usage: npm run ladder -- [options]

Sells fresh stocks to a crowd in six ways, each through nginx, and prints what came of it. Uses the system that npm start
runs, or starts one for as long as it takes. Exit code 1 where a way broke its promise.

  --buyers N         buyers at the same moment (default 300, at most 20000)
  --units N          units of each stock (default 100)
  --runs N           how often each way is tried (default 1, at most 100); the table shows the worst run
  --processes N,N    one table for each number of consumers, providers and order-workers, each on a system of its own
  --json FILE        also write the result to FILE
  --help             print this`;

type Command = LadderOptions & { processes: number[]; json: string | undefined; help: boolean };
let supervisor: Supervisor | undefined;

function parseCommand(): Command {
  const { values } = parseArgs({
    options: {
      buyers: { type: 'string', default: '300' },
      units: { type: 'string', default: '100' },
      runs: { type: 'string', default: '1' },
      processes: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    buyers: readCount('--buyers', values.buyers, 20_000),
    units: readCount('--units', values.units, 1_000_000),
    runs: readCount('--runs', values.runs, 100),
    processes: values.processes?.split(',').map((text) => readCount('--processes', text, 16)) ?? [],
    json: values.json,
    help: values.help,
  };
}

async function withOwnSystem<T>(processes: number, use: (target: LadderTarget) => Promise<T>): Promise<T> {
  const system = await startSystem({
    dir: path.join(root, '.local'),
    processes,
    print: console.log,
    onOpen: (opened) => {
      supervisor = opened;
    },
  });
  try {
    return await use(system);
  } finally {
    await system.supervisor.stop();
    supervisor = undefined;
  }
}

async function main(command: Command): Promise<number> {
  const run = (target: LadderTarget) => runLadder(target, command, console.log);
  const results: { ok: boolean; result: LadderResult }[] = [];
  const running = findSystem();
  if (running && command.processes.length > 0) {
    throw new Error('--processes starts systems of its own, and one is up: npm stop first');
  }
  if (running) results.push(await run(running));
  else
    for (const count of command.processes.length > 0 ? command.processes : [2])
      results.push(await withOwnSystem(count, run));
  if (command.json !== undefined) {
    const [first, ...more] = results.map(({ result }) => result);
    writeFileSync(command.json, `${JSON.stringify(more.length > 0 ? [first, ...more] : first, null, 2)}\n`);
  }
  return results.every(({ ok }) => ok) ? 0 : 1;
}

stopOnSignal(() => {
  void (async () => {
    await supervisor?.stop();
    process.exit(130);
  })();
});
try {
  const command = parseCommand();
  if (command.help) console.log(usage);
  else process.exitCode = await main(command);
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 2;
}
