import { availableParallelism, loadavg } from 'node:os';
import { createCommand } from '../../command/create-command.ts';
import { fillMarkers } from '../../command/fill-markers.ts';
import { readCount } from '../../command/read-count.ts';
import { UsageError } from '../../command/usage-error.ts';
import { writeJson } from '../../command/write-json.ts';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { fairnessTable } from './fairness-table.ts';
import type { FairnessOptions } from './modes/mode-context.ts';
import { MODES, type Mode, type ModeResult, runFairness } from './run-fairness.ts';
import { type FairnessAudit, startFairnessSystem } from './start-fairness-system.ts';

const usage = `Usage: flash-sale fairness [options]

Starts its own system on free ports, and lets people and bots buy the same small stocks in each mode. People think, have slow phones
and lines of up to 300 ms, one identity each, and send one or two requests. Bots send in the first millisecond and repeat without a
pause. Prints who got the units: the share of each attacker, the win rate of people by arrival, Jain's index among people, and the cost
of a unit for a bot; each with its 95 % interval. Audits every order at the end. Exit code 1: a check failed; 2: wrong input.

  --modes LIST     of ${MODES.join(', ')}, separated by commas (default all)
  --rounds N       stocks of each mode, each sold once (default 20)
  --units N        units of each stock (default 20)
  --people N       people, who come to every stock (default 300)
  --identities N   identities of the attacker with many (default 25)
  --requests N     most requests of a bot's identity for a stock (default 1000)
  --bot-cpu N      CPU seconds of an attacker for proofs of work, for each stock (default 5)
  --seed N         seed of what people do (default 1)
  --json FILE      also write the result to FILE; - is standard output
  --markdown FILE  update the tables between <!-- fairness:begin --> and <!-- fairness:end --> of FILE
  --help           print this

Examples:
  npx flash-sale fairness --modes rush
  npx flash-sale fairness --markdown docs/fairness.md`;

async function run(modes: Mode[], options: FairnessOptions) {
  const loadBefore = readLoad();
  const plain = modes.filter((mode) => mode !== 'admission');
  // ADMISSION is a setting of the whole system.
  const parts = [await runOnOwnSystem(plain, false, options)];
  if (modes.includes('admission')) parts.push(await runOnOwnSystem(['admission'], true, options));
  const results = parts.flatMap((part) => part.results);
  const environment = {
    date: new Date().toISOString(),
    cores: availableParallelism(),
    seed: options.seed,
    loadBefore,
    loadAfter: readLoad(),
  };
  return {
    environment,
    options,
    modes: MODES.flatMap((mode) => results.filter((result) => result.mode === mode)),
    audits: parts.flatMap(({ audit }) => (audit ? [audit] : [])),
  };
}

const readLoad = () => loadavg()[0]?.toFixed(1) ?? '';

async function runOnOwnSystem(
  modes: Mode[],
  admits: boolean,
  options: FairnessOptions,
): Promise<{ results: ModeResult[]; audit?: FairnessAudit }> {
  const results: ModeResult[] = [];
  if (modes.length === 0) return { results };
  return withOwnSystem('fairness', async (dir, onOpen) => {
    const system = await startFairnessSystem({ dir, onOpen, admits, print: console.log });
    for (const mode of modes) {
      console.log(`\n${mode}: ${options.people} people and bots for ${options.units} units, ${options.rounds} times`);
      results.push(await runFairness(system.target, mode, options, console.log));
    }
    return { results, audit: await system.audit() };
  });
}

function readModes(text: string): Mode[] {
  const names = text.split(',');
  const unknown = names.find((name) => !MODES.some((mode) => mode === name));
  if (unknown !== undefined) throw new UsageError(`--modes takes ${MODES.join(', ')}, not '${unknown}'`);
  return MODES.filter((mode) => names.includes(mode));
}

export const fairnessCommand = createCommand({
  usage,
  options: {
    modes: { type: 'string', default: MODES.join(',') },
    rounds: { type: 'string', default: '20' },
    units: { type: 'string', default: '20' },
    people: { type: 'string', default: '300' },
    identities: { type: 'string', default: '25' },
    requests: { type: 'string', default: '1000' },
    'bot-cpu': { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
  async run(values) {
    const options: FairnessOptions = {
      rounds: readCount('--rounds', values.rounds, 50),
      units: readCount('--units', values.units, 1000),
      people: readCount('--people', values.people, 2000),
      identities: readCount('--identities', values.identities, 500),
      requests: readCount('--requests', values.requests, 1000),
      botCpuSeconds: readCount('--bot-cpu', values['bot-cpu'], 1000),
      seed: readCount('--seed', values.seed, 2 ** 31),
    };
    const result = await run(readModes(values.modes), options);
    const { cores, seed, loadBefore, loadAfter } = result.environment;
    const conditions = `${cores} cores, load average ${loadBefore} before the start and ${loadAfter} at the end; seed ${seed}`;
    const table = `${fairnessTable(result.modes)}\n\n${conditions}`;
    console.log(`\n${table}`);
    for (const { ok, checks, stocks, broken } of result.audits) {
      for (const line of broken) console.log(`✗ ${line}`);
      console.log(`${ok ? '✓ all of' : '✗ not all of'} ${checks} checks passed on ${stocks} stocks`);
    }
    writeJson(values.json, result);
    if (values.markdown !== undefined) {
      fillMarkers(values.markdown, 'fairness', () => `\n\`\`\`\n${table}\n\`\`\`\n`);
    }
    return result.audits.every(({ ok }) => ok) ? 0 : 1;
  },
});
