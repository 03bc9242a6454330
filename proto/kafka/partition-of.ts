/** Partitions of the topic `orders`. Fixed for the life of a sale: a stock that moved would lose its sequence. */
export const ORDER_PARTITIONS = 8;

/** The partition of a stock's orders: FNV-1a (32 bit) of the id in decimal, so that any language can repeat it. */
export function partitionOf(sid: number): number {
  let hash = 0x811c9dc5;
  for (const digit of String(sid)) {
    hash ^= digit.charCodeAt(0);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % ORDER_PARTITIONS;
}
