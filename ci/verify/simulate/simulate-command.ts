import { availableParallelism } from 'node:os';
import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { showProgress } from '../../command/show-progress.ts';
import { writeJson } from '../../command/write-json.ts';
import { describeBroken } from './describe-broken.ts';
import type { SeedResult } from './run-seed.ts';
import { runSeeds } from './run-seeds.ts';

const usage = `Usage: flash-sale simulate [options]

Runs the code of the order path on virtual time, against a simulated database, log, cache and network that lose, delay, repeat
and reorder messages, and a nemesis that freezes and kills processes. Each seed is one small sale. The invariants are checked
after every COMMIT and every answer. Exit code 1: a seed broke an invariant (its command is printed); 2: wrong input.

  --seeds N      number of seeds (default 1000)
  --from SEED    first seed (default 1)
  --stop-after N stop after N broken seeds (default 1)
  --threads N    number of threads (default: one for each core)
  --trace        print every event (one thread, for few seeds)
  --json FILE    also write the result to FILE; - is standard output: {from, seeds, seconds, broken: [{seed, broken, trace, hash, simulatedMs}]}
  --help         print this

Examples:
  npx flash-sale simulate --seeds 20000
  npx flash-sale simulate --from 4711 --seeds 1 --trace`;

const MAX_SEEDS = 100_000_000;

type SimulateOptions = { from: number; count: number; threads: number; stopAfter: number };

async function traceSeeds({ from, count, stopAfter }: SimulateOptions) {
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

export const simulateCommand = createCommand({
  usage,
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    'stop-after': { type: 'string', default: '1' },
    threads: { type: 'string', default: String(availableParallelism()) },
    trace: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
  async run(values) {
    const options = {
      from: readCount('--from', values.from, 2 ** 31),
      count: readCount('--seeds', values.seeds, MAX_SEEDS),
      threads: readCount('--threads', values.threads, 64),
      stopAfter: readCount('--stop-after', values['stop-after'], MAX_SEEDS),
    };
    const { from, count } = options;
    const onProgress = (done: number) => showProgress(`${done} of ${count} seeds`);
    const result = values.trace ? await traceSeeds(options) : await runSeeds({ ...options, onProgress });
    const { seeds, seconds, broken } = result;
    showProgress();
    for (const result of broken) console.log(`${describeBroken(result)}\n`);
    const rate = Math.round(seeds / seconds);
    console.log(
      `${seeds} seeds from ${from} in ${seconds.toFixed(1)} s (${rate}/s), ${broken.length} broke an invariant`,
    );
    writeJson(values.json, { from, seeds, seconds, broken });
    return broken.length === 0 ? 0 : 1;
  },
});
