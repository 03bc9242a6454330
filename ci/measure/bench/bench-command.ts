import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readCount } from '../../command/read-count.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { benchReport } from './bench-report.ts';
import { startBenchSystem } from './bench-system.ts';
import { benchTable } from './bench-table.ts';
import { chooseGenerator } from './generators/choose-generator.ts';
import { type BenchOptions, runBench } from './run-bench.ts';
import { scaleTable } from './scale-table.ts';

const usage = `Usage: npm run bench -- [options]

Starts a whole system of its own on free ports, and beside it bare Fastify behind the same nginx, and measures both in turn
(with wrk, which it installs where it is missing, or autocannon where it cannot):
orders confirmed, accepted and refused, stock reads, and the six classic ways. Each figure is the median of the rounds, its
ratio to bare Fastify in the same round, and the CPU time of each process. Audits every order at the end; exit code 1 where a
promise was broken.

  --quick          under a minute: short slices, without the classic ways and the constant rate
  --rounds N       rounds (default 5; quick 3)
  --seconds N      seconds of each slice (default 3)
  --processes N    N consumers, providers, order-workers, and bare servers (default 1)
  --generator G    where the load comes from: wrk or autocannon (default wrk if it can be had)
  --json FILE      also write the result to FILE
  --model FILE     measures nothing: prints what a million buyers in ten seconds take by the result in FILE
  --crowd FILE     with it: the result of a sale (npm run sale -- --json), to compare with what the model says of it
  --help           print this`;

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

async function run(options: BenchOptions, asked: string | undefined, json: string | undefined): Promise<void> {
  const generator = await chooseGenerator(asked, console.log);
  await withOwnSystem('bench', async (dir, onOpen) => {
    const system = await startBenchSystem({ dir, processes: options.processes, print: console.log, onOpen });
    const result = await runBench(system, generator, dir, options, console.log);
    console.log(`\n${benchTable(result)}\n`);
    const { ok, checks, stocks, records, broken } = result.audit;
    for (const line of broken) console.log(`✗ ${line}`);
    console.log(`${ok ? '✓' : '✗'} ${checks} checks on ${stocks} stocks and ${records} records of the log`);
    const report = path.join(root, '.local', 'reports', 'bench.html');
    mkdirSync(path.dirname(report), { recursive: true });
    writeFileSync(report, benchReport(result));
    console.log(`· with plots: ${path.relative(process.cwd(), report)}`);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
    process.exitCode = ok ? 0 : 1;
  });
}

try {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      processes: { type: 'string', default: '1' },
      generator: { type: 'string' },
      json: { type: 'string' },
      model: { type: 'string' },
      crowd: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
  } else if (values.model !== undefined) {
    console.log(scaleTable(readJson(values.model), values.crowd === undefined ? undefined : readJson(values.crowd)));
  } else {
    const { quick } = values;
    const options = {
      rounds: readCount('--rounds', values.rounds ?? (quick ? '3' : '5'), 50),
      seconds: readCount('--seconds', values.seconds ?? (quick ? '1' : '3'), 60),
      openSeconds: quick ? 0 : 10,
      withStrategies: !quick,
      processes: readCount('--processes', values.processes, 8),
    };
    await run(options, values.generator, values.json);
  }
} catch (error) {
  const mistyped = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(mistyped ? `${(error as Error).message}\n\n${usage}` : `✗ ${(error as Error).message}`);
  process.exitCode = 2;
}
