import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { installWrk } from '../bench/generators/run-wrk.ts';
import { reportBench } from '../bench/report-bench.ts';
import { withClickContext } from '../opening/with-click-context.ts';
import { overloadTable } from './overload-table.ts';
import { type OverloadOptions, runOverload } from './run-overload.ts';

const usage = `Usage: flash-sale bench --overload [options]

Measures what is left of the throughput under overload: the ceiling, which is the confirmed orders a second of a closed loop (wrk,
installed when missing), then clicks of distinct buyers at 1, 2, 5 and 10 times the ceiling, however long the answers take. No buyer
comes again after a refusal. Goodput is the confirmed answers a second, divided by the ceiling of the same round. The load runs on
the same machine; its cores are in the table. Each figure is the median of the rounds. Audits every order at the end.
Exit code 1: a check failed; 2: wrong input.

  --quick            1 round of 1 and 5 times the ceiling
  --rounds N         rounds (default 3; quick 1)
  --seconds N        seconds of each step, from 2 (default 4)
  --processes N      consumers, providers and order-workers (default 1)
  --connections N    maximum connections of all buyers (default 8000); other clicks wait for one, or are not sent
  --json FILE        also write the result to FILE; - is standard output
  --help             print this

Examples:
  npx flash-sale bench --overload --quick
  npx flash-sale bench --overload --json overload.json`;

const MAX_CONNECTIONS = 16_000;
const STEPS = [1, 2, 5, 10];
const QUICK_STEPS = [1, 5];

async function run(options: OverloadOptions, processes: number, json: string | undefined): Promise<number> {
  await installWrk();
  const print = console.log;
  const measured = await withOwnSystem('bench', (dir, onOpen) =>
    withClickContext({ dir, processes, print, onOpen }, (context) => runOverload(context, dir, options)),
  );
  const { result, environment, audit } = measured;
  const table = overloadTable(result);
  const report = { environment: { ...environment, processes }, overload: result, audit };
  return reportBench(report, table, json);
}

export const overloadCommand = createCommand({
  usage,
  options: {
    overload: { type: 'boolean' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string', default: '4' },
    processes: { type: 'string', default: '1' },
    connections: { type: 'string', default: '8000' },
    json: { type: 'string' },
  },
  run({ quick, json, ...values }) {
    const options: OverloadOptions = {
      rounds: readCount('--rounds', values.rounds ?? (quick ? '1' : '3'), 20),
      steps: quick ? QUICK_STEPS : STEPS,
      // The first second does not count.
      seconds: Math.max(2, readCount('--seconds', values.seconds, 30)),
      maxConnections: readCount('--connections', values.connections, MAX_CONNECTIONS),
    };
    return run(options, readCount('--processes', values.processes, 8), json);
  },
});
