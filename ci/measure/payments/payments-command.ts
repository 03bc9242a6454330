import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { textTable } from '../../command/text-table.ts';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { startBenchSystem } from '../bench/bench-system.ts';
import { installWrk } from '../bench/generators/run-wrk.ts';
import { reportBench } from '../bench/report-bench.ts';
import { type PaymentsOptions, type PaymentsResult, runPayments } from './run-payments.ts';

const usage = `Usage: flash-sale bench --payments [options]

Measures payments over HTTP on a system of its own: for each payment a start by its buyer and the signed webhook of the gateway, on 64
connections; then orders alone on 256 connections, and orders with payments on 16 more; then payments at the database only. Each figure is the median of the rounds. The CPU
time includes the publishing of the events. Audits every order at the end.
Exit code 1: a check failed; 2: wrong input.

  --quick          2 rounds of 2 seconds
  --rounds N       rounds (default 3; quick 2)
  --seconds N      seconds of each slice (default 3; quick 2)
  --processes N    N consumers, providers and order-workers (default 1)
  --json FILE      also write the result to FILE; - is standard output
  --help           print this

Examples:
  npx flash-sale bench --payments --quick
  npx flash-sale bench --payments --json payments.json`;

function run(options: PaymentsOptions): Promise<PaymentsResult> {
  return withOwnSystem('bench', async (dir, onOpen) => {
    const system = await startBenchSystem({ dir, processes: options.processes, print: console.log, onOpen });
    return runPayments(system, dir, options, console.log);
  });
}

/** The figures as text. */
function paymentsTable({ payments, cpuUsPerPayment, orders, atDatabase }: PaymentsResult): string {
  const { alone, withPayments } = orders;
  const used = Object.entries(cpuUsPerPayment).filter(([, us]) => us > 0);
  const sum = used.reduce((total, [, us]) => total + us, 0);
  return [
    textTable(
      ['', 'payments/s', 'orders/s', 'p50 ms', 'p99 ms'],
      [
        ['payments', payments.perSecond, 0, payments.p50Ms, payments.p99Ms],
        ['orders', 0, alone.perSecond, alone.p50Ms, alone.p99Ms],
        [
          'orders with payments',
          withPayments.paymentsPerSecond,
          withPayments.perSecond,
          withPayments.p50Ms,
          withPayments.p99Ms,
        ],
      ],
    ),
    '\nMicroseconds of CPU time per payment:',
    textTable([...used.map(([name]) => name), 'sum'], [[...used.map(([, us]) => us), sum]]),
    '\nAt the database, without the services in front:',
    textTable(
      ['', 'payments/s', 'µs of MariaDB', 'µs of the client'],
      Object.entries(atDatabase).map(([name, { perSecond, mysqlCpuUs, clientCpuUs }]) => [
        name,
        perSecond,
        mysqlCpuUs,
        clientCpuUs,
      ]),
    ),
  ].join('\n');
}

export const paymentsCommand = createCommand({
  usage,
  options: {
    payments: { type: 'boolean' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    processes: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
  async run({ quick, json, ...values }) {
    const options = {
      rounds: readCount('--rounds', values.rounds ?? (quick ? '2' : '3'), 50),
      seconds: readCount('--seconds', values.seconds ?? (quick ? '2' : '3'), 60),
      processes: readCount('--processes', values.processes, 8),
    };
    await installWrk();
    const result = await run(options);
    return reportBench(result, paymentsTable(result), json);
  },
});
