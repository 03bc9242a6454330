import { copyFileSync } from 'node:fs';
import { runBuf } from '../../generate/run-buf.ts';

// Takes the API as it is as that of the last release, with which the tests here compare every later change: npm run baseline, after
// npm run generate.

copyFileSync('docs/openapi.json', 'ci/verify/api/released/openapi.json');
const target = 'ci/verify/api/released/protos.binpb';
const { passed, text } = runBuf('build', 'proto', '--exclude-source-info', '--output', target);
if (!passed) throw new Error(`buf build: ${text}`);
