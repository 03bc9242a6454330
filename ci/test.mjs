import { runFront } from './set-up/run-front.mjs';

await runFront({ script: 'ci/run-tests.ts', args: process.argv.slice(2), nginx: true, chromium: true });
