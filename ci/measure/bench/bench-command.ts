import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { writeJson } from '../../command/write-json.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { benchReport } from './bench-report.ts';
import { startBenchSystem } from './bench-system.ts';
import { benchTable } from './bench-table.ts';
import { chooseGenerator } from './generators/choose-generator.ts';
import { type BenchOptions, runBench } from './run-bench.ts';
import { scaleTable } from './scale-table.ts';

const usage = `Usage: npm run bench -- [options]

Starts its own system on free ports, and bare Fastify behind the same nginx, and measures both in turn with wrk (installed when
missing) or autocannon: orders confirmed, accepted and refused, stock reads, and the six strategies. Each figure is the median
of the rounds, with its ratio to bare Fastify in the same round and the CPU time of each process. Audits every order at the end.
Exit code 1: a check failed; 2: wrong input.

  --quick          under a minute: short slices, without the strategies and the constant rate
  --rounds N       rounds (default 5; quick 3)
  --seconds N      seconds of each slice (default 3)
  --processes N    N consumers, providers, order-workers, and bare servers (default 1)
  --generator G    load generator: wrk or autocannon (default: wrk if it can be installed)
  --json FILE      also write the result to FILE
  --model FILE     measure nothing: print what a million buyers in ten seconds need, from the result in FILE
  --crowd FILE     with --model: the result of a sale (npm run sale -- --json) to compare with the model
  --help           print this`;

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

async function run(options: BenchOptions, asked: string | undefined, json: string | undefined): Promise<number> {
  const generator = await chooseGenerator(asked, console.log);
  return withOwnSystem('bench', async (dir, onOpen) => {
    const system = await startBenchSystem({ dir, processes: options.processes, print: console.log, onOpen });
    const result = await runBench(system, generator, dir, options, console.log);
    console.log(`\n${benchTable(result)}\n`);
    const { ok, checks, stocks, records, broken } = result.audit;
    for (const line of broken) console.log(`✗ ${line}`);
    console.log(`${ok ? '✓' : '✗'} ${checks} checks on ${stocks} stocks and ${records} records of the log`);
    const report = path.join(root, '.local', 'reports', 'bench.html');
    mkdirSync(path.dirname(report), { recursive: true });
    writeFileSync(report, benchReport(result));
    console.log(`· report with plots: ${path.relative(process.cwd(), report)}`);
    writeJson(json, result);
    return ok ? 0 : 1;
  });
}

export const benchCommand = createCommand({
  usage,
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    processes: { type: 'string', default: '1' },
    generator: { type: 'string' },
    json: { type: 'string' },
    model: { type: 'string' },
    crowd: { type: 'string' },
  },
  run(values) {
    if (values.model !== undefined) {
      console.log(scaleTable(readJson(values.model), values.crowd === undefined ? undefined : readJson(values.crowd)));
      return 0;
    }
    const { quick } = values;
    const options = {
      rounds: readCount('--rounds', values.rounds ?? (quick ? '3' : '5'), 50),
      seconds: readCount('--seconds', values.seconds ?? (quick ? '1' : '3'), 60),
      openSeconds: quick ? 0 : 10,
      withStrategies: !quick,
      processes: readCount('--processes', values.processes, 8),
    };
    return run(options, values.generator, values.json);
  },
});
