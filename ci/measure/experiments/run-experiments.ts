import { runProcess } from '../../../proto/process/run-process.ts';
import { readConfig } from './config.ts';
import { startRunner } from './runner.ts';

// The process of `npm start` that runs experiments of POST /admin/experiments. A consumer must not generate its own load.
await runProcess('experiments', readConfig, startRunner);
