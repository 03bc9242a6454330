/** How many of something were at most so large. */
export type Bucket = { most: number; count: number };

/**
 * The value below which the share lies, as if the items of a bucket lay evenly in it. `buckets` are of a cumulative histogram:
 * each counts those of the smaller ones too, and the largest, which may be without end, counts all. Null when there are none.
 */
export function estimatePercentile(buckets: Bucket[], share: number): number | null {
  const sorted = [...buckets].sort((a, b) => a.most - b.most);
  const wanted = (sorted.at(-1)?.count ?? 0) * share;
  if (wanted === 0) return null;
  let below: Bucket = { most: 0, count: 0 };
  for (const bucket of sorted) {
    if (bucket.count >= wanted) {
      // Beyond the last bound nothing is known but that.
      if (!Number.isFinite(bucket.most)) return below.most;
      const part = (wanted - below.count) / (bucket.count - below.count);
      return below.most + (bucket.most - below.most) * part;
    }
    below = bucket;
  }
  return below.most;
}
