import { runFront } from '../local/set-up/run-front.mjs';

const usage = `Usage: flash-sale test [FILE or FOLDER…] [options of tap]

Checks types and style, runs the simulation, then all tests, on servers of its own; with files or folders, only those tests, without the
simulation. Exit code 1: a check failed.

  --help   print this

Examples:
  npx flash-sale test
  npx flash-sale test consumer/orders --bail`;

const args = process.argv.slice(2);
if (args.includes('--help')) console.log(usage);
else await runFront({ script: 'ci/testing/runner/run-tests.ts', args, nginx: true, chromium: true });
