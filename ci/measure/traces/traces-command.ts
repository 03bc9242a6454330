import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { textTable } from '../../command/text-table.ts';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { installWrk } from '../bench/generators/run-wrk.ts';
import { reportBench } from '../bench/report-bench.ts';
import { runTraces, type TracesResult } from './run-traces.ts';

const usage = `Usage: flash-sale bench --traces [options]

Measures what traces cost: confirmed orders at two systems of its own, one without traces and one that sends those of one order in a
hundred to a collector in another process. The systems are measured in turn with wrk (installed when missing), and each round begins
with the other one. The table has the CPU time per order of each part, the median of the rounds, and its ratio in the same round.
Audits every order at the end.
Exit code 1: a check failed, or no span arrived; 2: wrong input.

  --quick          2 rounds of 3 seconds
  --rounds N       rounds (default 10; quick 2)
  --seconds N      seconds of each slice (default 8; quick 3)
  --connections N  connections of wrk (default 256)
  --control        no traces in either system: how much two equal systems differ
  --json FILE      also write the result to FILE; - is standard output
  --help           print this

Examples:
  npx flash-sale bench --traces
  npx flash-sale bench --traces --control`;

const SHARE = 0.01;

function tracesTable({ costs, perSecond, spans }: TracesResult): string {
  const rows = costs.map(({ part, offUs, onUs, ratio, ratioFrom, ratioTo }) => {
    const ratios = [ratio, ratioFrom, ratioTo].map((value) => (Number.isNaN(value) ? '' : value.toFixed(3)));
    return [part, offUs.toFixed(1), onUs.toFixed(1), ratios[0] ?? '', `${ratios[1]}–${ratios[2]}`];
  });
  return [
    'Microseconds of CPU time per confirmed order (traced: consumer, provider and order-worker; sum: all without the load):',
    textTable(['', 'off', 'on', 'ratio', 'from–to'], rows),
    `\norders/s: off ${perSecond.off}, on ${perSecond.on}; spans received: ${spans}`,
  ].join('\n');
}

export const tracesCommand = createCommand({
  usage,
  options: {
    traces: { type: 'boolean' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    connections: { type: 'string', default: '256' },
    control: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
  async run({ quick, control, json, ...values }) {
    const options = {
      rounds: readCount('--rounds', values.rounds ?? (quick ? '2' : '10'), 50),
      seconds: readCount('--seconds', values.seconds ?? (quick ? '3' : '8'), 60),
      connections: readCount('--connections', values.connections, 4096),
      share: control ? null : SHARE,
    };
    await installWrk();
    const result = await withOwnSystem('bench', (dir, onOpen) => runTraces(dir, onOpen, options, console.log));
    const exitCode = reportBench(result, tracesTable(result), json);
    return !control && result.spans === 0 ? 1 : exitCode;
  },
});
