import type { SaleBucket, SaleHistory } from './follow-sale.ts';

/** All buckets of the time line: those that the server left out are empty. */
export function fillTimeline({ from, until, bucketSeconds, buckets }: SaleHistory): SaleBucket[] {
  const known = new Map(buckets.map((bucket) => [Date.parse(bucket.at), bucket]));
  const all: SaleBucket[] = [];
  for (let ms = Date.parse(from); ms < Date.parse(until); ms += bucketSeconds * 1000) {
    all.push(known.get(ms) ?? emptyBucket(ms, buckets[0]?.paidAmount.currency ?? ''));
  }
  return all;
}

function emptyBucket(atMs: number, currency: string): SaleBucket {
  return {
    at: new Date(atMs).toISOString(),
    orders: 0,
    confirmed: 0,
    refused: 0,
    paid: 0,
    paidAmount: { amount: 0, currency },
    msToLog: null,
    msToDecision: null,
    slowestMs: null,
    slow: 0,
  };
}
