/** The value below which this share of the sorted values lies (nearest rank), rounded to one decimal place; 0 without values. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return Math.round(value * 10) / 10;
}
