import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { stopOnSignal } from '../../command/stop-on-signal.ts';
import type { Heal } from './catalog/fault.ts';
import { faults, quickNames } from './catalog/list-faults.ts';
import { faultMarkdown, faultTable } from './fault-table.ts';
import { type FaultOutcome, runFaults } from './run-faults.ts';
import { startFaultSystem, type Undo } from './system/fault-system.ts';

const usage = `Usage: npm run faults [-- options] [NAME …]

Starts a whole system of its own on free ports, and sells under load while one thing after the other breaks: processes killed and
frozen, links cut and silent, disks full, clocks wrong. Then what every buyer was told is compared with the rows. Exit code 1
where a promise or a bound was broken. Ends with \`faults: N passed, N failed\`.

  NAME …           only these faults (default: all)
  --list           prints their names
  --quick          five of them, as every pull request runs them
  --json FILE      writes what was found
  --markdown FILE  writes the table between <!-- faults:begin --> and <!-- faults:end --> of that file; rows of other faults stay
  --help           print this`;

const BEGIN = '<!-- faults:begin -->';
const END = '<!-- faults:end -->';
const LIMIT_MS = 60 * 60_000;

function choose(names: string[], quick: boolean) {
  const wanted = [...names, ...(quick ? quickNames : [])];
  const unknown = wanted.filter((name) => !faults.some((fault) => fault.name === name));
  if (unknown.length > 0) throw new Error(`there is no fault ${unknown.join(', ')}: see --list`);
  return wanted.length > 0 ? faults.filter(({ name }) => wanted.includes(name)) : faults;
}

async function run(wanted: typeof faults): Promise<FaultOutcome[]> {
  let undo: Undo | undefined;
  let heal: Heal | undefined;
  const end = async () => {
    await Promise.resolve(heal?.()).catch(() => undefined);
    await undo?.stop();
  };
  const callOff = (why: string) => {
    console.log(`· ${why}: everything is stopped`);
    void end().finally(() => process.exit(130));
  };
  stopOnSignal(callOff);
  const limit = setTimeout(() => callOff(`not over within ${LIMIT_MS / 60_000} minutes`), LIMIT_MS);
  try {
    const system = await startFaultSystem(console.log, (one) => {
      undo = one;
    });
    return await runFaults(system, wanted, console.log, (one) => {
      heal = one;
    });
  } finally {
    clearTimeout(limit);
    await end();
  }
}

function writeTable(file: string, outcomes: FaultOutcome[]): void {
  const text = readFileSync(file, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${file} has no ${BEGIN} … ${END}`);
  const before = text.slice(from + BEGIN.length, to);
  const names = faults.map(({ name }) => name);
  writeFileSync(
    file,
    `${text.slice(0, from + BEGIN.length)}\n${faultMarkdown(outcomes, before, names)}\n${text.slice(to)}`,
  );
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      markdown: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(usage);
  else if (values.list) for (const { name, what } of faults) console.log(`${name.padEnd(36)}${what}`);
  else {
    const outcomes = await run(choose(positionals, values.quick));
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(outcomes, null, 2)}\n`);
    if (values.markdown !== undefined) writeTable(values.markdown, outcomes);
    console.log(`\n${faultTable(outcomes)}\n`);
    const failed = outcomes.filter(({ verdict }) => verdict === 'broken' || verdict === 'late').length;
    console.log(`faults: ${outcomes.filter(({ verdict }) => verdict === 'held').length} passed, ${failed} failed`);
    process.exit(failed === 0 ? 0 : 1);
  }
} catch (error) {
  console.error(`✗ ${(error as Error).message}`);
  process.exit(2);
}
