import { Type } from 'typebox';

/** Of order-workers, which draw. */
export const drawSettings = {
  DRAW_BEACON_URL: Type.String({
    default: 'https://api.drand.sh',
    pattern: '^https?://[^\\s,]+$',
    description:
      'Base URL of a server of drand, which draws with a beacon ask for their round. It need not be trusted: its answers are verified',
  }),
  ENTRY_KEEP_DAYS: Type.Integer({
    minimum: 9,
    maximum: 3650,
    default: 30,
    description: 'Days after the end of a sale for which the buyers of entries without an offer are kept',
    unit: 'days',
  }),
};
