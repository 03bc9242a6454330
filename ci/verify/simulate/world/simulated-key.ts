import type { SecretKey } from '../../../../proto/settings/secret-keys.ts';

/** Signs the records and decisions of a simulated system. */
export const simulatedKey: SecretKey = { id: 'simulated', secret: 'used by the simulation only' };

/** DRAW_KEY. */
export const SIMULATED_DRAW_KEY = '5'.repeat(64);
