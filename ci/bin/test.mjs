import { runFront } from '../local/set-up/run-front.mjs';

await runFront({ script: 'ci/testing/runner/run-tests.ts', args: process.argv.slice(2), nginx: true, chromium: true });
