import { createLogger } from '../../../../proto/process/create-logger.ts';

/** The story says what happened. */
export const silentLogger = createLogger('simulation', 'silent');
