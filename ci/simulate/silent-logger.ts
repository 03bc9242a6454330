import { createLogger } from '../../proto/create-logger.ts';

/** The story says what happened. */
export const silentLogger = createLogger('simulation', 'silent');
