import { readFileSync } from 'node:fs';
import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { startBenchSystem } from './bench-system.ts';
import { benchTable } from './bench-table.ts';
import { installWrk } from './generators/run-wrk.ts';
import { reportBench } from './report-bench.ts';
import { type BenchOptions, runBench } from './run-bench.ts';
import { scaleTable } from './scale-table.ts';

const usage = `Usage: flash-sale bench [options]

Starts its own system on free ports, and bare Fastify behind the same nginx, and measures both in turn with wrk (installed when
missing): orders confirmed, accepted and refused, entries into a draw, stock reads, and the six strategies. Each figure is the median of the rounds,
with its ratio to bare Fastify in the same round and the CPU time of each process. Audits every order at the end.
Exit code 1: a check failed; 2: wrong input.

  --quick          under a minute: short slices, without the strategies and the constant rate
  --rounds N       rounds (default 5; quick 3)
  --seconds N      seconds of each slice (default 3)
  --connections N  N connections instead of those with the highest rates; few on a busy machine
  --processes N    N consumers, providers, order-workers, and bare servers (default 1)
  --json FILE      also write the result to FILE; - is standard output
  --model FILE     measure nothing: print what a million buyers in ten seconds need, from the result in FILE
  --load FILE      with --model: the result of a sale (flash-sale sale --json FILE) to compare with the model
  --opening        measure the second in which a sale opens instead (flash-sale bench --opening --help)
  --overload       measure what is left of the throughput under overload instead (flash-sale bench --overload --help)
  --payments       measure payments instead (flash-sale bench --payments --help)
  --traces         compare traces with no traces instead (flash-sale bench --traces --help)
  --help           print this

Examples:
  npx flash-sale bench --quick
  npx flash-sale bench --rounds 10 --json bench.json
  npx flash-sale bench --model bench.json`;

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

async function run(options: BenchOptions, json: string | undefined): Promise<number> {
  await installWrk();
  return withOwnSystem('bench', async (dir, onOpen) => {
    const system = await startBenchSystem({ dir, processes: options.processes, print: console.log, onOpen });
    const result = await runBench(system, dir, options, console.log);
    return reportBench(result, benchTable(result), json);
  });
}

export const benchCommand = createCommand({
  usage,
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    connections: { type: 'string' },
    processes: { type: 'string', default: '1' },
    json: { type: 'string' },
    model: { type: 'string' },
    load: { type: 'string' },
  },
  run(values) {
    if (values.model !== undefined) {
      console.log(scaleTable(readJson(values.model), values.load === undefined ? undefined : readJson(values.load)));
      return 0;
    }
    const { quick } = values;
    const options = {
      rounds: readCount('--rounds', values.rounds ?? (quick ? '3' : '5'), 50),
      seconds: readCount('--seconds', values.seconds ?? (quick ? '1' : '3'), 60),
      connections: values.connections === undefined ? undefined : readCount('--connections', values.connections, 4096),
      openSeconds: quick ? 0 : 10,
      withStrategies: !quick,
      processes: readCount('--processes', values.processes, 8),
    };
    return run(options, values.json);
  },
});
