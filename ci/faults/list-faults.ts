import type { Fault } from './fault.ts';
import { processFaults } from './process-faults.ts';

/** All of them, the harmless first: what destroys data comes last. */
export const faults: Fault[] = [...processFaults];

/** One of each kind that matters most, for every pull request. */
export const quickNames = ['kill-consumer', 'kill-worker', 'kill-redis', 'kill-kafka', 'freeze-mysql'];
