import type { Panel } from './build-board.ts';

/** Orders that reach the consumers. */
export const ORDERS =
  'http_server_request_duration_seconds_count{http_request_method="POST", http_route="/api/v1/stocks/:sid/orders"}';

/** A graph over time. `queries`: pairs of PromQL and legend. */
export function graph(
  title: string,
  description: string,
  unit: string,
  queries: readonly (readonly [string, string])[],
): Panel {
  return { kind: 'graph', title, description, unit, queries: queries.map(([expr, legend]) => ({ expr, legend })) };
}

/** The latest value. */
export function number(title: string, description: string, unit: string, exprs: readonly string[]): Panel {
  return { kind: 'number', title, description, unit, queries: exprs.map((expr) => ({ expr, legend: title })) };
}

/** A second. */
export function rate(counter: string): string {
  return `rate(${counter}[$__rate_interval])`;
}

/** A quantile of a histogram over all processes, by these labels. */
export function quantile(share: number, histogram: string, ...by: string[]): string {
  return `histogram_quantile(${share}, sum by (${['le', ...by].join(', ')}) (${rate(`${histogram}_bucket`)}))`;
}

/** The mean of a histogram over all processes, by this label. */
export function mean(histogram: string, by: string): string {
  return `sum by (${by}) (${rate(`${histogram}_sum`)}) / sum by (${by}) (${rate(`${histogram}_count`)})`;
}
