import type { Answer, LiveView } from '../../../admin/live/describe-live.ts';

export type { Answer, LiveView } from '../../../admin/live/describe-live.ts';

export type Layer = keyof LiveView['turnedAway'];

export const ANSWERS = [
  ...(['created', 'duplicate', 'refused', 'limited', 'pending', 'notOpen', 'busy', 'errors', 'other'] as const),
] as const satisfies readonly Answer[];

/** In the order in which a request passes them. */
export const LAYERS = ['nginxLimit', 'nginxCache', 'limiter', 'soldOut', 'log'] as const satisfies readonly Layer[];
