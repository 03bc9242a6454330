import { runProcess } from '../proto/process/run-process.ts';
import { startApp } from './app.ts';
import { readConfig } from './config.ts';

await runProcess('consumer', readConfig, startApp);
