import { createLogger } from '../../../../proto/process/create-logger.ts';

/** The trace takes the place of logs. */
export const silentLogger = createLogger('simulation', 'silent');
