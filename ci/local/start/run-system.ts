import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { hidePassword } from '../../command/hide-password.ts';
import { stopOnSignal } from '../../command/stop-on-signal.ts';
import { root } from '../set-up/set-up.mjs';
import type { Supervisor } from '../supervisor/start-supervisor.ts';
import { type System, startSystem } from '../system/start-system.ts';
import { parseStartOptions, type StartOptions } from './start-options.mjs';

const experiment = { buyers: 300, units: 100, runs: 1 };
const sale = { buyers: 5000, units: 1000 };
const interrupted = 130;

const options = parseStartOptions(process.argv.slice(2));
const startedAt = performance.now();
const print = (line: string) => console.log(line);
let supervisor: Supervisor | undefined;
let signalled = false;

stopOnSignal((why) => {
  signalled = true;
  print(`\n· stopping after ${why}`);
  void end(options.once ? interrupted : 0);
});
process.on('uncaughtException', (error) => {
  console.error(error);
  void end(1);
});

try {
  const system = await startSystem({
    dir: path.join(root, '.local'),
    processes: options.processes,
    experiments: true,
    countsNginx: true,
    print,
    onOpen: (opened) => {
      supervisor = opened;
    },
  });
  const ok = options.noSale || (await runExperiment(system, options));
  if (options.once) {
    await end(ok ? 0 : 1);
  } else {
    printAddresses(system);
  }
} catch (error) {
  // What fails while everything is being stopped fails for that reason.
  if (!signalled) {
    console.error(`✗ ${(error as Error).message}`);
    await end(1);
  }
}

/** The ladder and then the sale. */
async function runExperiment(system: System, { json }: StartOptions): Promise<boolean> {
  const { runLadder } = await import('../../measure/ladder/run-ladder.ts');
  const { runSale } = await import('../../verify/sale/run-sale.ts');
  const { localSaleTarget } = await import('../../verify/sale/sale-target.ts');
  const { url, mysqlUrl, providers } = system;
  const ladder = await runLadder({ url, mysqlUrl, providers }, experiment, print);
  const sold = await runSale(localSaleTarget(system), sale, print);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...ladder.result, sale: sold.result }, null, 2)}\n`);
  return ladder.ok && sold.ok;
}

function printAddresses(system: System): void {
  const { url, consumers, providers, mysqlUrl, redisUrl, kafkaBrokers } = system;
  const rows = {
    Shop: `${url}/`,
    Console: `${url}/console`,
    API: `${url}/docs`,
    Consumers: consumers.map((address) => `http://${address}`).join('  '),
    Providers: `${providers.join('  ')}   (grpcurl -plaintext ${providers[0]} list)`,
    MySQL: hidePassword(mysqlUrl),
    Redis: hidePassword(redisUrl),
    Kafka: kafkaBrokers,
    Passwords: `${path.relative(process.cwd(), path.join(root, '.local', 'run', 'system.json'))}`,
    Logs: `${path.relative(process.cwd(), path.join(root, '.local', 'logs'))}/`,
  };
  print(`\nUp after ${((performance.now() - startedAt) / 1000).toFixed(1)} s:`);
  for (const [name, address] of Object.entries(rows)) print(`  ${name.padEnd(10)} ${address}`);
  print('Ctrl-C stops everything.');
}

async function end(exitCode: number): Promise<void> {
  const stoppingAt = performance.now();
  await supervisor?.stop();
  if (supervisor) print(`· everything has stopped (${((performance.now() - stoppingAt) / 1000).toFixed(1)} s)`);
  process.exit(exitCode);
}
