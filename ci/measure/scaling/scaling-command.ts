import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { UsageError } from '../../command/usage-error.ts';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { startBenchSystem } from '../bench/bench-system.ts';
import { installWrk } from '../bench/generators/run-wrk.ts';
import { reportBench } from '../bench/report-bench.ts';
import { runScaling } from './run-scaling.ts';
import type { ScalingOptions } from './scaling-context.ts';
import { scalingTable } from './scaling-table.ts';

const usage = `Usage: flash-sale scaling [options]

Starts its own system on free ports and measures whether the cost of an order stays constant (with wrk, which it installs when
missing): decisions of one order-worker per second from a full log; orders on stocks of 1,000 to 1,000,000 units, and on 1 to
1,000 stocks at once. Each figure is the median of the rounds, with its ratio to orders on one stock of 1,000,000 units measured
right before it. Audits every order at the end. Exit code 1: a check failed; 2: wrong input.

  --rounds N       rounds (default 3)
  --seconds N      seconds of each slice (default 2)
  --orders N       orders on the log when the worker starts (default 100000)
  --part PART      worker: the order-worker only; spreads: orders through the whole system only (default all: both); draw: entries
                   that are taken and drawn
  --entries N      entries of the draw (default 1000000)
  --json FILE      also write the result to FILE; - is standard output
  --help           print this

Examples:
  npx flash-sale scaling --part worker
  npx flash-sale scaling --json scaling.json`;

async function run(options: ScalingOptions, json: string | undefined): Promise<number> {
  if (options.part !== 'draw') await installWrk();
  return withOwnSystem('scaling', async (dir, onOpen) => {
    const system = await startBenchSystem({ dir, processes: 1, print: console.log, onOpen });
    const result = await runScaling(system, dir, options, console.log);
    return reportBench(result, scalingTable(result), json);
  });
}

export const scalingCommand = createCommand({
  usage,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    orders: { type: 'string', default: '100000' },
    part: { type: 'string', default: 'all' },
    entries: { type: 'string', default: '1000000' },
    json: { type: 'string' },
  },
  run(values) {
    const { part } = values;
    if (part !== 'worker' && part !== 'spreads' && part !== 'draw' && part !== 'all') {
      throw new UsageError(`--part takes worker, spreads, draw or all, not '${part}'`);
    }
    const options: ScalingOptions = {
      part,
      rounds: readCount('--rounds', values.rounds, 20),
      seconds: readCount('--seconds', values.seconds, 30),
      orders: readCount('--orders', values.orders, 1_000_000),
      entries: readCount('--entries', values.entries, 10_000_000),
    };
    return run(options, values.json);
  },
});
