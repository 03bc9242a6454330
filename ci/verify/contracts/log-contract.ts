import type { Test } from 'tap';
import { type HandleBatch, NotOwnedError } from '../../../proto/kafka/work-through-batch.ts';

export type ContractLog = {
  append(partition: number, texts: string[]): Promise<bigint>;
  /** Starts a member of the group; resolves when it has sent its request to join. */
  consume(handle: HandleBatch, maxBatch: number): Promise<{ close(): Promise<void> }>;
  /** -1: none yet. */
  committed(partition: number): Promise<bigint>;
  drive<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when the check is true. */
  until(what: string, check: () => boolean | Promise<boolean>): Promise<void>;
};

/** What the order path relies on in Kafka. */
export function logContract(t: Test, open: (t: Test) => Promise<ContractLog>): void {
  const test = (title: string, body: (t: Test, log: ContractLog) => Promise<void>) =>
    t.test(title, async (t) => {
      const log = await open(t);
      await log.drive(() => body(t, log));
    });

  test('records come in sequence from the first, in batches up to maxBatch; then their offset is committed', async (t, log) => {
    t.equal(await log.append(3, ['a', 'b']), 0n);
    t.equal(await log.append(3, ['c']), 2n);
    const seen: string[] = [];
    const offsets: bigint[] = [];
    const times: number[] = [];
    let largest = 0;
    const member = await log.consume(async (partition, records, context) => {
      t.ok((await log.committed(partition)) <= (records[0]?.offset ?? 0n), 'never before the work');
      seen.push(...records.map(({ value }) => String(value)));
      offsets.push(...records.map(({ offset }) => offset));
      times.push(...records.map(({ timestampMs }) => timestampMs));
      largest = Math.max(largest, records.length);
      t.ok(context.isOwned());
      await context.heartbeat();
    }, 2);
    await log.until('all offsets are committed', async () => (await log.committed(3)) === 3n);
    t.equal(await log.append(3, ['d']), 3n);
    await log.until('the last offset is committed', async () => (await log.committed(3)) === 4n);
    await member.close();
    t.same(seen, ['a', 'b', 'c', 'd']);
    t.same(offsets, [0n, 1n, 2n, 3n]);
    t.ok(largest <= 2);
    t.same(
      times,
      times.toSorted((a, b) => a - b),
    );
    t.ok(times.every((ms) => ms >= 0 && Number.isSafeInteger(ms)));
  });

  test('a failed batch is handled again; the next owner handles a batch of a lost partition', async (t, log) => {
    await log.append(6, ['a', 'b']);
    let tries = 0;
    const first = await log.consume(async () => {
      tries += 1;
      if (tries < 3) throw new Error('simulated failure');
      throw new NotOwnedError('gone');
    }, 100);
    await log.until('three tries', () => tries >= 3);
    await first.close();
    t.equal(await log.committed(6), -1n);
    const seen: string[] = [];
    const second = await log.consume(async (_partition, records) => {
      seen.push(...records.map(({ value }) => String(value)));
    }, 100);
    await log.until('the next owner commits', async () => (await log.committed(6)) === 2n);
    await second.close();
    t.same(seen, ['a', 'b']);
  });

  test('a slow or failing partition keeps its sequence and delays no other', async (t, log) => {
    const free = Promise.withResolvers<void>();
    const seen: Record<number, string[]> = { 3: [], 6: [] };
    let isHeld = false;
    let failures = 0;
    await log.append(3, ['a', 'b']);
    const member = await log.consume(async (partition, records) => {
      if (partition === 3 && failures < 2) {
        failures += 1;
        throw new Error('simulated failure');
      }
      if (partition === 3 && !isHeld) {
        isHeld = true;
        await free.promise;
      }
      seen[partition]?.push(...records.map(({ value }) => String(value)));
    }, 1);
    await log.until('the first batch waits', () => isHeld);
    await log.append(3, ['c']);
    for (const [i, text] of ['x', 'y', 'z'].entries()) {
      await log.append(6, [text]);
      await log.until('the other partition continues', async () => (await log.committed(6)) === BigInt(i + 1));
    }
    t.equal(await log.committed(3), -1n);
    free.resolve();
    await log.until('all offsets are committed', async () => (await log.committed(3)) === 3n);
    await member.close();
    t.same(seen, { 3: ['a', 'b', 'c'], 6: ['x', 'y', 'z'] });
    t.equal(failures, 2);
  });
}
