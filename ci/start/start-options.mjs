import { parseArgs } from 'node:util';

// JavaScript, because `npm start -- --help` works before the installation.

export const usage = `Usage: flash-sale start [options]

Installs what is missing, starts the servers and processes, sells 100 units to 300 buyers with each of the six strategies
and 1,000 units to 5,000 buyers in a sale, prints the results and the audit, and serves until Ctrl-C.

  --once           stop after the sales; exit code 1: a check failed
  --no-sale        serve without the sales
  --json FILE      also write the results to FILE; - is standard output
  --processes N    N consumers, N providers and N order-workers (default 2)
  --help           print this

Addresses and ports: docs/settings.md. See also: flash-sale stop, flash-sale status.

Examples:
  npx flash-sale start
  npx flash-sale start --no-sale --processes 1
  npx flash-sale start --once --json -`;

/**
 * @typedef {object} StartOptions
 * @property {boolean} once
 * @property {boolean} noSale
 * @property {string | undefined} json
 * @property {number} processes
 * @property {boolean} help
 */

/**
 * @param {string[]} args
 * @returns {StartOptions}
 * @throws {Error} with a message for the user
 */
export function parseStartOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      once: { type: 'boolean', default: false },
      'no-sale': { type: 'boolean', default: false },
      json: { type: 'string' },
      processes: { type: 'string', default: '2' },
      help: { type: 'boolean', default: false },
    },
  });
  const processes = Number(values.processes);
  if (!Number.isInteger(processes) || processes < 1 || processes > 16) {
    throw new Error(`--processes takes a whole number from 1 to 16, not '${values.processes}'`);
  }
  if (values.once && values['no-sale']) throw new Error('--once and --no-sale exclude each other');
  if (values.json !== undefined && values['no-sale']) throw new Error('--json and --no-sale exclude each other');
  return { once: values.once, noSale: values['no-sale'], json: values.json, processes, help: values.help };
}
