const MAX_NEWEST = 50_000;

/** Order numbers that this process has decided lately: the newest 50,000 to 100,000. */
export function createRecentNumbers() {
  let newest = new Set<string>();
  let older = new Set<string>();
  return {
    has: (orderNo: string) => newest.has(orderNo) || older.has(orderNo),
    add(orderNo: string): void {
      newest.add(orderNo);
      if (newest.size < MAX_NEWEST) return;
      older = newest;
      newest = new Set();
    },
  };
}
