const AT_ONCE = 50;

/** Calls `work` for each index from 0 to below `count`, some at once. Resolves with the results in the order of the indexes. */
export async function runFewAtOnce<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  async function run(): Promise<void> {
    for (let index = next++; index < count; index = next++) results[index] = await work(index);
  }
  await Promise.all(Array.from({ length: AT_ONCE }, run));
  return results;
}
