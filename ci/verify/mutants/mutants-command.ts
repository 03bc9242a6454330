import path from 'node:path';
import { createCommand } from '../../command/create-command.ts';
import { fillMarkers } from '../../command/fill-markers.ts';
import { readCount } from '../../command/read-count.ts';
import { exitOnSignal } from '../../command/stop-on-signal.ts';
import { textTable } from '../../command/text-table.ts';
import { UsageError } from '../../command/usage-error.ts';
import { writeJson } from '../../command/write-json.ts';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { startServers } from '../../local/servers/start-servers.ts';
import { root } from '../../local/set-up/set-up.mjs';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { testSettings } from '../../local/system/test-settings.ts';
import { copySources, type SourceCopy } from './copy-sources.ts';
import { describeMutants } from './describe-mutants.ts';
import { mutantList } from './mutant-list.ts';
import type { Mutant } from './rules/mutant.ts';
import { type MutantResult, runCheck, runMutant, stopping } from './run-mutant.ts';

const usage = `Usage: flash-sale mutants [options] [NAME…]

Proves that the tests can fail: seeds one bug at a time into a copy of the sources, and runs the simulation or the test that must
catch it. The unchanged copy must pass first. Exit code 1: a seeded bug was not caught; 2: wrong input, or an edit does not apply.

  NAME…            only these seeded bugs (default: all)
  --seeds N        maximum number of seeds for each bug (default 2000)
  --list           print the names of all seeded bugs
  --json FILE      also write the result to FILE; - is standard output
  --markdown FILE  update the table between <!-- mutants:begin --> and <!-- mutants:end --> of FILE
  --help           print this

Examples:
  npx flash-sale mutants --list
  npx flash-sale mutants --json mutants.json`;

const SEEDS_WITHOUT_BUG = 300;

type MutantsOptions = { chosen: Mutant[]; maxSeeds: number };

function choose(names: string[]): Mutant[] {
  const unknown = names.find((name) => !mutantList.some((mutant) => mutant.name === name));
  if (unknown !== undefined) throw new UsageError(`unknown seeded bug '${unknown}': --list prints the names`);
  return names.length > 0 ? mutantList.filter(({ name }) => names.includes(name)) : mutantList;
}

let supervisor: Supervisor | undefined;

/** The servers that test files need. */
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

/** Every check must pass on the unchanged sources. */
async function checkUnchanged(copy: SourceCopy, chosen: Mutant[], env: NodeJS.ProcessEnv): Promise<void> {
  for (const check of new Set(chosen.map(({ caughtBy }) => caughtBy))) {
    const { caught, failed } = await runCheck(copy, check, SEEDS_WITHOUT_BUG, env);
    if (caught) throw new Error(`${check} fails without a seeded bug: ${failed}`);
    console.log(`· ${check} passes without a seeded bug`);
  }
}

async function run({ chosen, maxSeeds }: MutantsOptions): Promise<MutantResult[]> {
  const copy = copySources('mutants');
  // A stale edit fails at once and not after minutes.
  for (const mutant of chosen) copy.apply(mutant)();
  const env = chosen.some(({ caughtBy }) => caughtBy !== 'simulate') ? await startTestServers() : {};
  await checkUnchanged(copy, chosen, env);
  const results: MutantResult[] = [];
  for (const mutant of chosen) {
    const result = await runMutant(copy, mutant, maxSeeds, env);
    results.push(result);
    const after = result.seeds === null ? '' : ` after ${result.seeds} seeds`;
    console.log(`${result.caught ? '·' : '✗'} ${mutant.name}: ${result.failed || 'not caught'}${after}`);
  }
  return results;
}

function printTable(results: MutantResult[], missed: number): void {
  const rows = results.map(({ name, caughtBy, caught, seeds, failed }) => {
    return [name, caught ? caughtBy : 'NOT CAUGHT', seeds ?? '', failed];
  });
  console.log(`\n${textTable(['seeded bug', 'caught by', 'seeds', 'what failed'], rows)}\n`);
  console.log(`${results.length} seeded bugs, ${missed} not caught`);
}

export const mutantsCommand = createCommand({
  usage,
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '2000' },
    list: { type: 'boolean', default: false },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
  async run({ seeds, list, json, markdown }, names) {
    if (list) {
      console.log(mutantList.map(({ name }) => name).join('\n'));
      return 0;
    }
    const options = { chosen: choose(names), maxSeeds: readCount('--seeds', seeds, 1_000_000) };
    exitOnSignal(async () => {
      stopping.abort();
      await supervisor?.stop();
    });
    const results = await run(options).finally(() => supervisor?.stop());
    const missed = results.filter(({ caught }) => !caught).length;
    printTable(results, missed);
    writeJson(json, results);
    if (markdown !== undefined) fillMarkers(markdown, 'mutants', () => describeMutants(results));
    return missed === 0 ? 0 : 1;
  },
});
