import { createLogger } from '../../proto/process/create-logger.ts';

/** For what a test starts: its own assertions say what went wrong. */
export const silentLogger = createLogger('test', 'silent');
