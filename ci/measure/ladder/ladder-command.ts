import path from 'node:path';
import { createCommand } from '../../command/create-command.ts';
import { fillMarkers } from '../../command/fill-markers.ts';
import { readCount } from '../../command/read-count.ts';
import { exitOnSignal } from '../../command/stop-on-signal.ts';
import { UsageError } from '../../command/usage-error.ts';
import { writeJson } from '../../command/write-json.ts';
import { root } from '../../local/set-up/set-up.mjs';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { findSystem } from '../../local/system/find-system.ts';
import { startSystem } from '../../local/system/start-system.ts';
import { ladderTable } from './ladder-table.ts';
import { type LadderOptions, type LadderResult, type LadderTarget, runLadder } from './run-ladder.ts';

const usage = `Usage: flash-sale ladder [options]

Sells a new stock with each of the six strategies through nginx, and prints the results. Uses the system of npm start, or starts
one for the run. Exit code 1: a strategy violated its guarantee; 2: wrong input.

  --buyers N         simultaneous buyers (default 300, at most 20000)
  --units N          units of each stock (default 100)
  --runs N           runs of each strategy (default 1, at most 100); the table shows the worst run
  --processes N,N    one table for each number of consumers, providers and order-workers, each on its own system
  --json FILE        also write the result to FILE; - is standard output
  --markdown FILE    update the table between <!-- ladder:begin --> and <!-- ladder:end --> of FILE
  --help             print this

Examples:
  npx flash-sale ladder --buyers 1000 --runs 3
  npx flash-sale ladder --processes 1,2 --json ladder.json`;

let supervisor: Supervisor | undefined;

async function withSystem<T>(processes: number, use: (target: LadderTarget) => Promise<T>): Promise<T> {
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

async function run(options: LadderOptions, processes: number[]) {
  const running = findSystem();
  if (running && processes.length > 0) {
    throw new UsageError('--processes starts its own systems, and a system is running: run npm stop first');
  }
  exitOnSignal(async () => supervisor?.stop());
  const runOn = (target: LadderTarget) => runLadder(target, options, console.log);
  if (running) return [await runOn(running)];
  const results: { ok: boolean; result: LadderResult }[] = [];
  for (const count of processes.length > 0 ? processes : [2]) results.push(await withSystem(count, runOn));
  return results;
}

export const ladderCommand = createCommand({
  usage,
  options: {
    buyers: { type: 'string', default: '300' },
    units: { type: 'string', default: '100' },
    runs: { type: 'string', default: '1' },
    processes: { type: 'string' },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
  async run(values) {
    const options = {
      buyers: readCount('--buyers', values.buyers, 20_000),
      units: readCount('--units', values.units, 1_000_000),
      runs: readCount('--runs', values.runs, 100),
    };
    const processes = values.processes?.split(',').map((text) => readCount('--processes', text, 16)) ?? [];
    const outcomes = await run(options, processes);
    const results = outcomes.map(({ result }) => result);
    writeJson(values.json, results.length > 1 ? results : results[0]);
    if (values.markdown !== undefined) {
      const tables = results.map(({ strategies }) => ladderTable(strategies)).join('\n\n');
      fillMarkers(values.markdown, 'ladder', () => `\n\`\`\`\n${tables}\n\`\`\`\n`);
    }
    return outcomes.every(({ ok }) => ok) ? 0 : 1;
  },
});
