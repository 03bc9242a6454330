import { runProcess } from '../proto/process/run-process.ts';
import { readConfig } from './config.ts';
import { startServer } from './server.ts';

await runProcess('provider', readConfig, startServer);
