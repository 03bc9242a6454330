import path from 'node:path';
import { hidePassword } from '../command/hide-password.ts';
import { secondsSince } from '../command/seconds-since.ts';
import { stopOnSignal } from '../command/stop-on-signal.ts';
import { writeJson } from '../command/write-json.ts';
import { keepStdoutForJson } from '../local/set-up/keep-stdout-for-json.mjs';
import { root } from '../local/set-up/set-up.mjs';
import type { Supervisor } from '../local/supervisor/start-supervisor.ts';
import { type System, startSystem } from '../local/system/start-system.ts';
import { parseStartOptions, type StartOptions } from './start-options.mjs';

const LADDER = { buyers: 300, units: 100, runs: 1 };
const SALE = { buyers: 5000, units: 1000 };
const INTERRUPTED = 130;

const options = parseStartOptions(process.argv.slice(2));
keepStdoutForJson(options.json);
const startedAt = performance.now();
const print = (line: string) => console.log(line);
let supervisor: Supervisor | undefined;
let signalled = false;

stopOnSignal((reason) => {
  signalled = true;
  print(`\n· stopping after ${reason}`);
  void end(options.once ? INTERRUPTED : 0);
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
  const ok = options.noSale || (await runSales(system, options));
  if (options.once) {
    await end(ok ? 0 : 1);
  } else {
    printAddresses(system);
  }
} catch (error) {
  // Errors after a signal are caused by the stop.
  if (!signalled) {
    console.error(`✗ ${(error as Error).message}`);
    await end(1);
  }
}

/** The ladder, then the sale. */
async function runSales(system: System, { json }: StartOptions): Promise<boolean> {
  const { runLadder } = await import('../measure/ladder/run-ladder.ts');
  const { runSale } = await import('../verify/sale/run-sale.ts');
  const { localSaleTarget } = await import('../verify/sale/sale-target.ts');
  const { url, mysqlUrl, providers } = system;
  const ladder = await runLadder({ url, mysqlUrl, providers }, LADDER, print);
  const sold = await runSale(localSaleTarget(system), SALE, print);
  writeJson(json, { ...ladder.result, sale: sold.result });
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
  print(`\nUp after ${secondsSince(startedAt)}:`);
  for (const [name, address] of Object.entries(rows)) print(`  ${name.padEnd(10)} ${address}`);
  print('Press Ctrl-C to stop.');
}

async function end(exitCode: number): Promise<void> {
  const stoppingAt = performance.now();
  await supervisor?.stop();
  if (supervisor) print(`· all processes stopped (${secondsSince(stoppingAt)})`);
  process.exit(exitCode);
}
