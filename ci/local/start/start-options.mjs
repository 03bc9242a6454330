import { parseArgs } from 'node:util';

// Plain JavaScript, because `npm start -- --help` and a mistyped option are answered before anything is installed.

export const usage = `Usage: npm start -- [options]

Sets up what is missing, starts the servers and processes, sells 100 units to 300 buyers in six ways and
1,000 units to 5,000 in a real sale, prints the tables and the audit, and stays up until Ctrl-C.

  --once           stop after the sales; exit code 1 where a promise was broken
  --no-sale        only serve, without the sales
  --json FILE      also write the results to FILE
  --processes N    N consumers, N providers and N order-workers (default 2)
  --help           print this

Addresses and ports: docs/settings.md. Others: npm stop, npm run status, npm test.`;

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
  if (values.once && values['no-sale']) throw new Error('--once and --no-sale together would do nothing');
  if (values.json !== undefined && values['no-sale'])
    throw new Error('--json needs the experiment: leave --no-sale out');
  return { once: values.once, noSale: values['no-sale'], json: values.json, processes, help: values.help };
}
