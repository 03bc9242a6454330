/** Number of values that are at le `le`. */
export type Bucket = { le: number; count: number };

/**
 * Estimates a percentile from a cumulative histogram, assuming that the values of a bucket are evenly distributed. The largest bucket, which
 * can be infinite, counts all values. Null without values.
 */
export function estimatePercentile(buckets: Bucket[], share: number): number | null {
  const sorted = [...buckets].sort((a, b) => a.le - b.le);
  const wanted = (sorted.at(-1)?.count ?? 0) * share;
  if (wanted === 0) return null;
  let below: Bucket = { le: 0, count: 0 };
  for (const bucket of sorted) {
    if (bucket.count >= wanted) {
      // In the infinite bucket only its lower bound is known.
      if (!Number.isFinite(bucket.le)) return below.le;
      const part = (wanted - below.count) / (bucket.count - below.count);
      return below.le + (bucket.le - below.le) * part;
    }
    below = bucket;
  }
  return below.le;
}
