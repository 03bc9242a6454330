/** Partitions of the topic `orders`. Must not change during a sale: a stock that moves to another partition loses its order of records. */
export const ORDER_PARTITIONS = 8;

/** The partition of a stock's orders: FNV-1a (32 bit) of the decimal id, which any language can compute. */
export function partitionOf(sid: number): number {
  let hash = 0x811c9dc5;
  for (const digit of String(sid)) {
    hash ^= digit.charCodeAt(0);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % ORDER_PARTITIONS;
}
