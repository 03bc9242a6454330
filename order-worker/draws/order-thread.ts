import { parentPort, workerData } from 'node:worker_threads';
import { type DrawOutcome, orderEntries } from '../../proto/draws/order-entries.ts';

const { ids, outcome } = workerData as { ids: Uint8Array; outcome: DrawOutcome };
const places = orderEntries(ids, outcome);
parentPort?.postMessage(places, [places.buffer as ArrayBuffer]);
