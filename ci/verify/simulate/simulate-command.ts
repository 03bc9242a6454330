import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { readCount } from '../../command/read-count.ts';
import { describeBroken } from './describe-broken.ts';
import type { SeedResult } from './run-seed.ts';
import { runSeeds } from './run-seeds.ts';

const usage = `Usage: npm run simulate -- [options]

The order path's own code on virtual time, against stand-ins of database, log, cache and network that lose, delay, repeat and
reorder, freeze and kill. Each seed is one small sale; every promise is looked at after every COMMIT and every answer, and at
the end that all was sold and everybody was answered. Exit code 1: a seed broke a promise (printed with the command that runs
it again); 2: it was not understood.

  --seeds N      how many (default 1000)
  --from SEED    the first one (default 1); the others follow
  --stop-after N broken seeds after which it stops (default 1)
  --threads N    default: one for each core
  --trace        print what happens, line by line (one thread, and only with few seeds)
  --json FILE    also write the result to FILE: {from, seeds, seconds, broken: [{seed, broken, story, hash, simulatedMs}]}
  --help         print this`;

const MAX_SEEDS = 100_000_000;

type Command = { from: number; count: number; threads: number; stopAfter: number; trace: boolean; json?: string };

/** Undefined: only the usage was asked for. */
function parseCommand(): Command | undefined {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      'stop-after': { type: 'string', default: '1' },
      threads: { type: 'string', default: String(availableParallelism()) },
      trace: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    from: readCount('--from', values.from, 2 ** 31),
    count: readCount('--seeds', values.seeds, MAX_SEEDS),
    threads: readCount('--threads', values.threads, 64),
    stopAfter: readCount('--stop-after', values['stop-after'], MAX_SEEDS),
    trace: values.trace,
    ...(values.json !== undefined && { json: values.json }),
  };
}

async function traceSeeds({ from, count, stopAfter }: Command) {
  const startedMs = performance.now();
  // The threads load it for themselves, so it is loaded here only where it is needed.
  const { runSeed } = await import('./run-seed.ts');
  const broken: SeedResult[] = [];
  let seeds = 0;
  for (; seeds < count && broken.length < stopAfter; seeds += 1) {
    console.log(`seed ${from + seeds}`);
    const result = await runSeed(from + seeds, console.log);
    if (result.broken) broken.push(result);
  }
  return { seeds, broken, seconds: (performance.now() - startedMs) / 1000 };
}

async function main(command: Command): Promise<void> {
  const { from, count, json } = command;
  const onProgress = (done: number) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${done} of ${count} seeds`);
  };
  const result = command.trace ? await traceSeeds(command) : await runSeeds({ ...command, onProgress });
  const { seeds, seconds, broken } = result;
  if (process.stdout.isTTY) process.stdout.write('\r');
  for (const one of broken) console.log(`${describeBroken(one)}\n`);
  const rate = Math.round(seeds / seconds);
  console.log(`${seeds} seeds from ${from} in ${seconds.toFixed(1)} s (${rate}/s), ${broken.length} broke a promise`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ from, seeds, seconds, broken }, null, 2)}\n`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}

let command: Command | undefined;
try {
  command = parseCommand();
  if (!command) console.log(usage);
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 2;
}
if (command) await main(command);
