import { createCommand } from '../../command/create-command.ts';
import { fillMarkers } from '../../command/fill-markers.ts';
import { exitOnSignal } from '../../command/stop-on-signal.ts';
import { UsageError } from '../../command/usage-error.ts';
import { writeJson } from '../../command/write-json.ts';
import type { Heal } from './catalog/fault.ts';
import { faults, quickNames } from './catalog/faults.ts';
import { faultMarkdown, faultTable } from './fault-table.ts';
import { type FaultOutcome, runFaults } from './run-faults.ts';
import { startFaultSystem, type Undo } from './system/fault-system.ts';

const usage = `Usage: flash-sale faults [options] [NAME …]

Starts its own system on free ports and sells under load while one fault after the other happens: killed and frozen processes,
cut and silent links, full disks, wrong clocks. Then compares the answers that buyers received with the rows,
and the alarms that fired with those that the fault must raise (with Prometheus). Exit code 1: an
invariant was violated or a bound exceeded; 2: wrong input. Ends with \`faults: N passed, N failed\`.

  NAME …           only these faults (default: all)
  --list           print the names of all faults
  --quick          the five faults that run for every pull request
  --json FILE      also write the result to FILE; - is standard output
  --markdown FILE  update the table between <!-- faults:begin --> and <!-- faults:end --> of FILE; rows of other faults stay
  --help           print this

Examples:
  npx flash-sale faults --list
  npx flash-sale faults --quick --json faults.json`;

const LIMIT_MS = 60 * 60_000;

function choose(names: string[], quick: boolean) {
  const wanted = [...names, ...(quick ? quickNames : [])];
  const unknown = wanted.filter((name) => !faults.some((fault) => fault.name === name));
  if (unknown.length > 0) throw new UsageError(`unknown fault ${unknown.join(', ')}: --list prints the names`);
  return wanted.length > 0 ? faults.filter(({ name }) => wanted.includes(name)) : faults;
}

async function run(wanted: typeof faults): Promise<FaultOutcome[]> {
  let undo: Undo | undefined;
  let heal: Heal | undefined;
  const end = async () => {
    await Promise.resolve(heal?.()).catch(() => undefined);
    await undo?.stop();
  };
  const stop = (reason: string) => {
    console.log(`· stopping after ${reason}`);
    return end();
  };
  exitOnSignal(stop);
  const limit = setTimeout(() => void stop(`${LIMIT_MS / 60_000} minutes`).finally(() => process.exit(1)), LIMIT_MS);
  try {
    const system = await startFaultSystem(console.log, (started) => {
      undo = started;
    });
    return await runFaults(system, wanted, console.log, (injected) => {
      heal = injected;
    });
  } finally {
    clearTimeout(limit);
    await end();
  }
}

function writeTable(file: string, outcomes: FaultOutcome[]): void {
  const names = faults.map(({ name }) => name);
  fillMarkers(file, 'faults', (before) => faultMarkdown(outcomes, before, names));
}

export const faultsCommand = createCommand({
  usage,
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
  async run(values, positionals) {
    if (values.list) {
      for (const { name, what } of faults) console.log(`${name.padEnd(36)}${what}`);
      return 0;
    }
    const outcomes = await run(choose(positionals, values.quick));
    writeJson(values.json, outcomes);
    if (values.markdown !== undefined) writeTable(values.markdown, outcomes);
    console.log(`\n${faultTable(outcomes)}\n`);
    const failed = outcomes.filter(({ status }) => status === 'broken' || status === 'late').length;
    console.log(`faults: ${outcomes.filter(({ status }) => status === 'held').length} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  },
});
