import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readCount } from '../../command/read-count.ts';
import { stopOnSignal } from '../../command/stop-on-signal.ts';
import { textTable } from '../../command/text-table.ts';
import { startServers } from '../../local/servers/start-servers.ts';
import { root } from '../../local/set-up/set-up.mjs';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { findFreePorts } from '../../local/system/find-free-ports.ts';
import { testSettings } from '../../local/system/test-settings.ts';
import { copySources, type SourceCopy } from './copy-sources.ts';
import { describeMutants, fillMarkers } from './describe-mutants.ts';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutant-list.ts';
import { type MutantResult, runMutant, runTest, simulate, stopping } from './run-mutant.ts';

const usage = `Usage: npm run mutants -- [options] [NAME…]

Proof that the tests can fail: leaves out one rule at a time, in a copy of the sources, and runs the simulation or the test that
must notice. First the copy as it is must pass. Exit code 1: a break was not noticed; 2: it was not understood, or a text that
a break replaces is not in the sources any more.

  NAME…            only these
  --seeds N        most seeds for each break (default 2000)
  --list           print the names and end
  --json FILE      also write the results to FILE
  --markdown FILE  put the table between <!-- mutants:begin --> and <!-- mutants:end --> of FILE
  --help           print this`;

const CALM_SEEDS = 300;

type Command = { chosen: Mutant[]; most: number; json: string | undefined; markdown: string | undefined };

function parseCommand(): Command | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '2000' },
      list: { type: 'boolean', default: false },
      json: { type: 'string' },
      markdown: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.list) {
    console.log(values.help ? usage : mutants.map(({ name }) => name).join('\n'));
    return undefined;
  }
  const unknown = positionals.find((name) => !mutants.some((mutant) => mutant.name === name));
  if (unknown !== undefined) throw new Error(`there is no mutant '${unknown}': --list names them`);
  const chosen = positionals.length > 0 ? mutants.filter(({ name }) => positionals.includes(name)) : mutants;
  return { chosen, most: readCount('--seeds', values.seeds, 1_000_000), json: values.json, markdown: values.markdown };
}

let supervisor: Supervisor | undefined;

/** The servers of the tests among them. */
async function startTestServers(): Promise<NodeJS.ProcessEnv> {
  const [mysql = 0, redis = 0, kafka = 0, kafkaController = 0] = await findFreePorts(4);
  const servers = await startServers({
    dir: path.join(root, '.local', 'mutant-servers'),
    ports: { mysql, redis, kafka, kafkaController },
    onOpen: (opened) => {
      supervisor = opened;
    },
  });
  return testSettings(servers);
}

/** What must notice a break has to be silent without one. */
async function checkUnbroken(copy: SourceCopy, chosen: Mutant[], env: NodeJS.ProcessEnv): Promise<void> {
  for (const by of new Set(chosen.map(({ caughtBy }) => caughtBy))) {
    const { caught, broke } = by === 'simulate' ? await simulate(copy, CALM_SEEDS) : await runTest(copy, by, env);
    if (caught) throw new Error(`${by} fails without any break: ${broke}`);
    console.log(`· ${by} passes as it is`);
  }
}

async function main({ chosen, most, json, markdown }: Command): Promise<void> {
  const copy = copySources('mutants');
  // Stale ones first: nothing is worse than to hear of them after minutes.
  for (const mutant of mutants) copy.apply(mutant)();
  const env = chosen.some(({ caughtBy }) => caughtBy !== 'simulate') ? await startTestServers() : {};
  await checkUnbroken(copy, chosen, env);
  const results: MutantResult[] = [];
  for (const mutant of chosen) {
    const result = await runMutant(copy, mutant, most, env);
    results.push(result);
    const after = result.seeds === null ? '' : ` after ${result.seeds} seeds`;
    console.log(`${result.caught ? '·' : '✗'} ${mutant.name}: ${result.broke || 'nobody noticed'}${after}`);
  }
  const rows = results.map(({ name, caughtBy, caught, seeds, broke }) => [
    ...[name, caught ? caughtBy : 'NOBODY', seeds ?? '', broke],
  ]);
  console.log(`\n${textTable(['mutant', 'caught by', 'seeds', 'what broke'], rows)}\n`);
  const missed = results.filter(({ caught }) => !caught).length;
  console.log(`${results.length} breaks, ${missed} not noticed`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
  if (markdown !== undefined) {
    writeFileSync(markdown, fillMarkers(readFileSync(markdown, 'utf8'), describeMutants(results)));
  }
  process.exitCode = missed === 0 ? 0 : 1;
}

stopOnSignal(async () => {
  stopping.abort();
  await supervisor?.stop();
  process.exit(130);
});
try {
  const command = parseCommand();
  if (command) await main(command);
} catch (error) {
  const mistyped = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(mistyped ? `${(error as Error).message}\n\n${usage}` : `✗ ${(error as Error).message}`);
  process.exitCode = 2;
} finally {
  await supervisor?.stop();
}
