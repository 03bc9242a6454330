import { availableParallelism, loadavg } from 'node:os';
import { createCommand } from '../../command/create-command.ts';
import { fillMarkers } from '../../command/fill-markers.ts';
import { readCount } from '../../command/read-count.ts';
import { UsageError } from '../../command/usage-error.ts';
import { writeJson } from '../../command/write-json.ts';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { fairnessTable } from './fairness-table.ts';
import { describeBrowserWork, measureBrowserWork } from './measure-browser-work.ts';
import { describeWork, measureWork } from './measure-work.ts';
import type { FairnessOptions } from './modes/mode-context.ts';
import { MODES, type Mode, type ModeResult, runFairness } from './run-fairness.ts';
import { type FairnessAudit, startFairnessSystem } from './start-fairness-system.ts';

const usage = `Usage: flash-sale fairness [options]

Starts its own system on free ports, and lets people and bots buy the same small stocks in each mode. People think, have slow phones
and lines of up to 300 ms, one identity each, and send one or two requests. Bots send in the first millisecond and repeat without a
pause. Prints who got the units: the share of each attacker, the win rate of people by arrival, Jain's index among people, and the cost
of a unit for a bot; each with its 95 % interval. Audits every order at the end. Exit code 1: a check failed; 2: wrong input.

  --modes LIST     of ${MODES.join(', ')}, separated by commas (default all)
  --rounds N       stocks of rush and of admission, each sold once (default 30)
  --draw-rounds N  stocks of draw and of line with bots (default 100)
  --equal-rounds N stocks of draw and of line without bots, of at most 10 units for 20 people, for Jain's index (default 200)
  --units N        units of each stock (default 7)
  --people N       people, who come to every stock (default 120)
  --identities N   identities of the attacker with many (default 25)
  --requests N     most requests of a bot's identity for a stock (default 1000)
  --bot-cpu N      CPU seconds of an attacker for proofs of work, for each stock (default 5)
  --work N         measure nothing else: N proofs of work, in Node and in Chromium
  --seed N         seed of what people do (default 1)
  --json FILE      also write the result to FILE; - is standard output
  --markdown FILE  update the tables between <!-- fairness:begin --> and <!-- fairness:end --> of FILE
  --help           print this

Examples:
  npx flash-sale fairness --modes rush
  npx flash-sale fairness --markdown docs/fairness.md`;

async function run(modes: Mode[], options: FairnessOptions, drawRounds: number) {
  const optionsOf = (mode: Mode) => (mode === 'draw' || mode === 'line' ? { ...options, rounds: drawRounds } : options);
  const loadBefore = readLoad();
  const plain = modes.filter((mode) => mode !== 'admission');
  // ADMISSION is a setting of the whole system.
  const parts = [await runOnOwnSystem(plain, false, optionsOf)];
  if (modes.includes('admission')) parts.push(await runOnOwnSystem(['admission'], true, optionsOf));
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
    options: { ...options, drawRounds },
    modes: MODES.flatMap((mode) => results.filter((result) => result.mode === mode)),
    audits: parts.flatMap(({ audit }) => (audit ? [audit] : [])),
  };
}

const readLoad = () => loadavg()[0]?.toFixed(1) ?? '';

async function runOnOwnSystem(
  modes: Mode[],
  admits: boolean,
  optionsOf: (mode: Mode) => FairnessOptions,
): Promise<{ results: ModeResult[]; audit?: FairnessAudit }> {
  const results: ModeResult[] = [];
  if (modes.length === 0) return { results };
  return withOwnSystem('fairness', async (dir, onOpen) => {
    const system = await startFairnessSystem({ dir, onOpen, admits, print: console.log });
    for (const mode of modes) {
      const options = optionsOf(mode);
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
    rounds: { type: 'string', default: '30' },
    'draw-rounds': { type: 'string', default: '100' },
    'equal-rounds': { type: 'string', default: '200' },
    units: { type: 'string', default: '7' },
    people: { type: 'string', default: '120' },
    identities: { type: 'string', default: '25' },
    requests: { type: 'string', default: '1000' },
    'bot-cpu': { type: 'string', default: '5' },
    work: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
  async run(values) {
    if (values.work !== undefined) {
      const challenges = readCount('--work', values.work, 1000);
      console.log(describeWork(await measureWork(challenges)));
      console.log(describeBrowserWork(await measureBrowserWork(challenges)));
      return 0;
    }
    const options: FairnessOptions = {
      rounds: readCount('--rounds', values.rounds, 200),
      equalRounds: readCount('--equal-rounds', values['equal-rounds'], 1000),
      units: readCount('--units', values.units, 1000),
      people: readCount('--people', values.people, 2000),
      identities: readCount('--identities', values.identities, 500),
      requests: readCount('--requests', values.requests, 1000),
      botCpuSeconds: readCount('--bot-cpu', values['bot-cpu'], 1000),
      seed: readCount('--seed', values.seed, 2 ** 31),
    };
    const drawRounds = readCount('--draw-rounds', values['draw-rounds'], 1000);
    const result = await run(readModes(values.modes), options, drawRounds);
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
