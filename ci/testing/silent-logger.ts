import { createLogger } from '../../proto/process/create-logger.ts';

/** For parts that a test starts: its assertions report failures. */
export const silentLogger = createLogger('test', 'silent');
