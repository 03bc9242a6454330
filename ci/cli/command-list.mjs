// JavaScript, because `flash-sale start` works before the installation.

/**
 * @typedef {object} ListedCommand
 * @property {string} name
 * @property {string} file relative to the repository
 * @property {string} what
 */

/** Every command of `flash-sale`, in the order of `flash-sale help`. @type {ListedCommand[]} */
export const commandList = [
  {
    name: 'start',
    file: 'ci/bin/start.mjs',
    what: 'install what is missing, start the system, hold a sale, serve until Ctrl-C',
  },
  { name: 'stop', file: 'ci/bin/stop.ts', what: 'stop the system' },
  { name: 'status', file: 'ci/bin/status.ts', what: 'what runs, with its addresses' },
  { name: 'sale', file: 'ci/bin/sale.ts', what: 'a sale with many buyers, compared with the rows and audited' },
  { name: 'ladder', file: 'ci/bin/measure/ladder.ts', what: 'the six strategies compared' },
  { name: 'audit', file: 'ci/bin/audit.ts', what: 'check the rows against the rules and the log' },
  { name: 'reconcile', file: 'ci/bin/reconcile.ts', what: 'settle payments in doubt with the payment gateway' },
  { name: 'replay', file: 'ci/bin/replay.ts', what: 'decide records of the log again, after a restore' },
  { name: 'draw', file: 'ci/bin/draw.ts', what: 'check the public file of a draw, without a network' },
  { name: 'purge', file: 'ci/bin/purge.ts', what: 'delete old refused orders and events' },
  { name: 'connections', file: 'ci/bin/connections.ts', what: 'whether each server of the settings answers' },
  { name: 'deploy', file: 'ci/ops/release/start-deploy.mjs', what: 'release the newest code without downtime' },
  { name: 'build', file: 'ci/bin/build', what: 'build the container image' },
  { name: 'make-env', file: 'ci/bin/make-env', what: 'write random secrets to .env' },
  {
    name: 'make-certificates',
    file: 'ci/bin/make-certificates',
    what: 'make certificates for connections inside a system',
  },
  { name: 'bench', file: 'ci/bin/measure/bench.ts', what: 'measure throughput, the opening, overload, payments' },
  { name: 'scaling', file: 'ci/bin/measure/scaling.ts', what: 'measure whether the cost of an order stays constant' },
  {
    name: 'fairness',
    file: 'ci/bin/measure/fairness.ts',
    what: 'measure what people and bots get in each mode of a sale',
  },
  { name: 'faults', file: 'ci/bin/faults.ts', what: 'sell while one fault after the other happens' },
  { name: 'simulate', file: 'ci/bin/simulate.ts', what: 'run the order path on virtual time with random faults' },
  { name: 'mutants', file: 'ci/bin/mutants.ts', what: 'seed bugs and check that tests catch them' },
  { name: 'test', file: 'ci/bin/test.mjs', what: 'all tests, or single test files' },
];

export const usage = `Usage: flash-sale COMMAND [options]

${commandList.map(({ name, what }) => `  ${name.padEnd(19)}${what}`).join('\n')}

  flash-sale help              print this
  flash-sale COMMAND --help    the options of a command, with examples

A command with a result takes --json FILE; with --json - the result goes to standard output, and all other output to standard error.
Exit code 2: wrong input; others: see the help of the command. From a clone: npx flash-sale, or npm run COMMAND -- [options].

Examples:
  npx flash-sale start
  npx flash-sale sale --buyers 20000 --units 100
  npx flash-sale audit --json -`;

/**
 * The name that is most like `wanted`.
 *
 * @param {string} wanted
 * @returns {string}
 */
export function findNearest(wanted) {
  const [first = { name: '' }] = commandList
    .map(({ name }) => ({ name, edits: name.startsWith(wanted) ? 0 : countEdits(wanted, name) }))
    .sort((a, b) => a.edits - b.edits);
  return first.name;
}

/**
 * The letters to insert, delete or replace (Levenshtein).
 *
 * @param {string} from
 * @param {string} to
 * @returns {number}
 */
function countEdits(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
