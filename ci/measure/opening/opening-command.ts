import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createCommand } from '../../command/create-command.ts';
import { fillMarkers } from '../../command/fill-markers.ts';
import { readCount } from '../../command/read-count.ts';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { addAudits } from '../bench/audit-bench.ts';
import { reportBench } from '../bench/report-bench.ts';
import { openingTable } from './opening-table.ts';
import { MAX_BUYERS, type OpeningOptions, type OpeningResult, runOpening } from './run-opening.ts';
import { withClickContext } from './with-click-context.ts';

const usage = `Usage: flash-sale bench --opening [options]

Measures the second in which a sale opens: distinct buyers, each with a prepared token, click within one second, however long the
answers take, on connections that are opened on demand. In each round all processes, nginx and Kafka are fresh for the first burst
(cold); the third burst in the same processes is the warm one; then the same burst goes to fresh bare Fastify. With two processes
of each kind and with one. Each figure is the median of the rounds. Audits every order at the end.
Exit code 1: a check failed; 2: wrong input.

  --quick          2 rounds, with one process of each kind only
  --rounds N       rounds (default 5; quick 2)
  --buyers N       buyers of each burst (default 5000)
  --spread N       milliseconds within which they click (default 1000)
  --json FILE      also write the result to FILE; - is standard output
  --markdown FILE  update the text between <!-- opening:begin --> and <!-- opening:end --> of FILE
  --help           print this

Examples:
  npx flash-sale bench --opening --quick
  npx flash-sale bench --opening --buyers 10000 --json opening.json`;

function run(options: OpeningOptions, quick: boolean): Promise<OpeningResult> {
  const print = console.log;
  return withOwnSystem('bench', async (dir, onOpen) => {
    const measure = async (processes: number) => {
      print(`· ${processes} of each process`);
      const folder = path.join(dir, String(processes));
      mkdirSync(folder);
      return withClickContext({ dir: folder, processes, print, onOpen }, (context) =>
        runOpening(context, folder, options),
      );
    };
    const two = quick ? undefined : await measure(2);
    const one = await measure(1);
    return {
      environment: one.environment,
      ...options,
      ...(two && { opening: two.result }),
      openingOfOne: one.result,
      audit: addAudits(two ? [two.audit, one.audit] : [one.audit]),
    };
  });
}

export const openingCommand = createCommand({
  usage,
  options: {
    opening: { type: 'boolean' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    buyers: { type: 'string', default: '5000' },
    spread: { type: 'string', default: '1000' },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
  async run({ quick, json, markdown, ...values }) {
    const options = {
      rounds: readCount('--rounds', values.rounds ?? (quick ? '2' : '5'), 50),
      buyers: readCount('--buyers', values.buyers, MAX_BUYERS),
      spreadMs: readCount('--spread', values.spread, 60_000),
    };
    const result = await run(options, quick);
    const table = openingTable(result);
    if (markdown !== undefined) fillMarkers(markdown, 'opening', () => `\n\`\`\`\n${table}\n\`\`\`\n`);
    return reportBench(result, table, json);
  },
});
