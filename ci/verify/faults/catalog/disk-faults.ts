import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Bounds, type Fault, LATE_LOG_ERRORS } from './fault.ts';

const LASTS_MS = 5000;
// The small chunk fills the last gaps.
const CHUNK_BYTES = [4 * 1024 * 1024, 4096];

const DISKS: { name: 'mariadb' | 'kafka'; what: string; bounds: Bounds; alarm: string }[] = [
  { name: 'kafka', what: 'Kafka', bounds: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 25_000 }, alarm: 'KafkaDown' },
  {
    name: 'mariadb',
    what: 'MySQL',
    bounds: { orderErrors: LATE_LOG_ERRORS, recoverMs: 75_000 },
    alarm: 'OrderPendingTooLong',
  },
];

/** Fills a disk for 5 s. */
export const diskFaults: Fault[] = DISKS.map(({ name, what, bounds, alarm }) => ({
  name: `full-disk-${name === 'kafka' ? 'kafka' : 'mysql'}`,
  what: `the disk of ${what} is full for 5 s`,
  lastsMs: LASTS_MS,
  bounds,
  alarm: { name: alarm },
  skipReason: ({ smallDisks }) =>
    smallDisks ? undefined : 'mounting a small file system needs root, and is not allowed in every container',
  async inject({ system, print }) {
    const file = path.join(system.dir, name, 'filler');
    const bytes = await fill(file);
    print(`  filled with ${Math.round(bytes / 1024 / 1024)} MB`);
    // Space that is freed during the fault, such as an old log, is filled too.
    let refilled = Promise.resolve(0);
    const timer = setInterval(() => {
      refilled = refilled.then(() => fill(`${file}.more`));
    }, 500);
    return async () => {
      clearInterval(timer);
      await refilled;
      await rm(file, { force: true });
      await rm(`${file}.more`, { force: true });
    };
  },
}));

/** Appends to a file until the disk is full. Returns the number of bytes. */
async function fill(file: string): Promise<number> {
  const handle = await open(file, 'a');
  let written = 0;
  try {
    for (const size of CHUNK_BYTES) {
      const chunk = Buffer.alloc(size, 1);
      try {
        for (;;) written += (await handle.write(chunk)).bytesWritten;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    await handle.close();
  }
  return written;
}
