import { runProcess } from '../proto/process/run-process.ts';
import { readConfig } from './config.ts';
import { consumeOrders } from './consume-orders.ts';

await runProcess('order-worker', readConfig, consumeOrders);
