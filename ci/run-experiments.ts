import { runProcess } from '../proto/run-process.ts';
import { readConfig } from './experiments/config.ts';
import { openRunner } from './experiments/open-runner.ts';

// The process that `npm start` runs for POST /admin/experiments. A consumer must not be the crowd that it serves.
await runProcess('experiments', readConfig, openRunner);
