import { runProcess } from '../../../proto/process/run-process.ts';
import { readConfig } from './config.ts';
import { startRunner } from './runner.ts';

// The process that `npm start` runs for POST /admin/experiments. A consumer must not be the crowd that it serves.
await runProcess('experiments', readConfig, startRunner);
