/** The time since `startedAt` of performance.now(), as `1.2 s`. */
export function secondsSince(startedAt: number): string {
  return formatSeconds(performance.now() - startedAt);
}

export function formatSeconds(ms = 0): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
