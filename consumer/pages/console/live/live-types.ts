/** What `GET /admin/live` says once a second. Times in milliseconds, rates per second. */
export type Live = {
  at: string;
  processes: LiveProcess[];
  /** `confirmed`: orders, each once. The answers add up to `requests`. */
  perSecond: Record<'requests' | 'confirmed' | Answer, number>;
  turnedAway: Record<Layer, number>;
  /** From a click to its decision; null: nothing was decided in the last 10 s. */
  decisionMs: { p50: number; p90: number; p99: number; count: number } | null;
  waiting: number;
  undecided: number;
  listeners: number;
  lag: { total: number; byPartition: Record<string, number> };
  committedPerSecond: number;
};

export type LiveProcess = {
  name: string;
  kind: 'nginx' | 'consumer' | 'provider' | 'order-worker';
  /** Since it was last heard. */
  ageMs: number;
  /** Share of one core. */
  cpu: number;
  memoryMb: number;
  eventLoopMs: number | null;
  partitions: number[] | null;
};

/** How a request was answered: each counts for one of these. */
export const ANSWERS = [
  ...(['created', 'duplicate', 'refused', 'limited', 'pending', 'notOpen', 'busy', 'errors', 'other'] as const),
] as const;
export type Answer = (typeof ANSWERS)[number];

/** In the sequence in which a request meets them. */
export const LAYERS = ['nginxLimit', 'nginxCache', 'limiter', 'soldOut', 'log'] as const;
export type Layer = (typeof LAYERS)[number];
