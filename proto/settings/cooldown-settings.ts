import { Type } from 'typebox';

/** The same value for consumers, providers and order-workers. */
export const cooldownSettings = {
  COOLDOWN: Type.Integer({
    minimum: 0,
    maximum: 604_800,
    default: 0,
    description:
      'Time for which a buyer is kept out of a stock after a cancelled or expired order of it. It is kept in Redis only. 0: none',
    unit: 's',
  }),
};
