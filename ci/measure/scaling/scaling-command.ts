import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readCount } from '../../command/read-count.ts';
import { findProgram } from '../../local/set-up/find-program.mjs';
import { installDebianPackages } from '../../local/set-up/install-debian-packages.mjs';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { startBenchSystem } from '../bench/bench-system.ts';
import { runScaling, type ScalingOptions } from './run-scaling.ts';
import { scalingTable } from './scaling-table.ts';

const usage = `Usage: npm run scaling -- [options]

Starts a whole system of its own on free ports and measures whether the cost of an order stays what it is (with wrk, which it
installs where it is missing): what one order-worker decides in a second from a full log; orders on stocks of 1,000 to 1,000,000
units, and on 1 to 1,000 stocks at once. Each figure is the median of the rounds, with its ratio to orders on one stock of
1,000,000 units right before it. Audits every order at the end; exit code 1 where a promise was broken.

  --rounds N       rounds (default 3)
  --seconds N      seconds of each slice (default 2)
  --orders N       orders on the log when the worker comes (default 100000)
  --part PART      worker: the order-worker alone; spreads: the rest (default all)
  --json FILE      also write the result to FILE
  --help           print this`;

async function run(options: ScalingOptions, json: string | undefined): Promise<void> {
  if (!findProgram('wrk')) await installDebianPackages([{ title: 'wrk', package: 'wrk' }]);
  await withOwnSystem('scaling', async (dir, onOpen) => {
    const system = await startBenchSystem({ dir, processes: 1, print: console.log, onOpen });
    const result = await runScaling(system, dir, options, console.log);
    console.log(`\n${scalingTable(result)}\n`);
    const { ok, checks, stocks, records, broken } = result.audit;
    for (const line of broken) console.log(`✗ ${line}`);
    console.log(`${ok ? '✓' : '✗'} ${checks} checks on ${stocks} stocks and ${records} records of the log`);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
    process.exitCode = ok ? 0 : 1;
  });
}

try {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '2' },
      orders: { type: 'string', default: '100000' },
      part: { type: 'string', default: 'all' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
  } else {
    const { part } = values;
    if (part !== 'worker' && part !== 'spreads' && part !== 'all') throw new Error(`there is no part '${part}'`);
    const options: ScalingOptions = {
      part,
      rounds: readCount('--rounds', values.rounds, 20),
      seconds: readCount('--seconds', values.seconds, 30),
      orders: readCount('--orders', values.orders, 1_000_000),
    };
    await run(options, values.json);
  }
} catch (error) {
  const mistyped = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(mistyped ? `${(error as Error).message}\n\n${usage}` : `✗ ${(error as Error).message}`);
  process.exitCode = 2;
}
