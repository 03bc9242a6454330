export type MetricDefinition = {
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
  /** The processes that export it. */
  of: readonly ('consumer' | 'provider' | 'order-worker')[];
  buckets?: readonly number[];
};

export const ALL = ['consumer', 'provider', 'order-worker'] as const;
export const DECIDERS = ['provider', 'order-worker'] as const;

/** Buckets of calls. */
export const CALL_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;
