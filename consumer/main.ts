import { runProcess } from '../proto/run-process.ts';
import { startApp } from './app.ts';
import { readConfig } from './config.ts';

await runProcess('consumer', readConfig, startApp);
