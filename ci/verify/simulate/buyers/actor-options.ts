import type { ProcessOptions } from '../processes/process-options.ts';
import type { Processes } from '../processes/run-processes.ts';

/** What buyers, administrator, ladder caller, attacker and nemesis act on. */
export type ActorOptions = Omit<ProcessOptions, 'name'> & { processes: Processes };
