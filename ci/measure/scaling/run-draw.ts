import { type Draw, readDraws } from '../../../db/draws/draw-table.ts';
import { takeEntries } from '../../../db/draws/take-entries.ts';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { pause, realClock } from '../../../proto/process/clock.ts';
import { readUsage } from '../../local/supervisor/read-usage.ts';
import { createDrawStock } from '../create-draw-stock.ts';
import type { ScalingContext } from './scaling-context.ts';

export type DrawFigure = {
  entries: number;
  /** Entries taken a second, in batches of `batch` on two connections. */
  takenPerSecond: number;
  batch: number;
  /** Microseconds of CPU time to take an entry: this process and MariaDB. */
  takenCpuUs: { taker: number; mariadb: number };
  /** From the time of closing until the statement, and until all places are written. */
  statedSeconds: number;
  drawnSeconds: number;
  drawnCpuSeconds: { worker: number; mariadb: number };
  /** The highest one that was seen during the draw. */
  workerMegabytes: number;
};

const WORKER = 'order-worker-1';
const TAKERS = 2;
const BATCH = 500;
const POLL_MS = 250;
const DRAW_LIMIT_MS = 600_000;

/** Takes entries, and measures how the running order-worker draws them. The sale opens tomorrow, so no offers are made. */
export async function runDraw({ system, database, options, print }: ScalingContext): Promise<DrawFigure> {
  const { entries } = options;
  const drawKey = system.secrets.DRAW_KEY;
  const sid = await createDrawStock(database, drawKey, { name: `${entries} entries`, count: 1000 });
  const taken = await fill(system.mysqlUrl, drawKey, sid, entries, () => cpuOf(system.pids(), 'mariadb'));
  print(`· ${Math.round(taken.takenPerSecond)} entries a second`);
  await database.session((session) => session.change('UPDATE draw SET entries_close_at = NOW(3) WHERE sid = ?', [sid]));
  const before = [cpuOf(system.pids(), WORKER), cpuOf(system.pids(), 'mariadb')];
  const { draw, megabytes } = await waitUntilDrawn();
  const after = [cpuOf(system.pids(), WORKER), cpuOf(system.pids(), 'mariadb')];
  const [worker = 0, mariadb = 0] = after.map((ms, i) => (ms - (before[i] ?? 0)) / 1000);
  const since = (ms: number | null) => ((ms ?? Number.NaN) - draw.entriesCloseAtMs) / 1000;
  return {
    entries,
    takenPerSecond: taken.takenPerSecond,
    batch: BATCH,
    takenCpuUs: taken.takenCpuUs,
    statedSeconds: since(draw.statedAtMs),
    drawnSeconds: since(draw.drawnAtMs),
    drawnCpuSeconds: { worker, mariadb },
    workerMegabytes: megabytes,
  };

  async function waitUntilDrawn(): Promise<{ draw: Draw; megabytes: number }> {
    let megabytes = 0;
    for (const untilMs = performance.now() + DRAW_LIMIT_MS; performance.now() < untilMs; ) {
      const memoryKb = readUsage(system.pids()).get(WORKER)?.memoryKb ?? 0;
      megabytes = Math.max(megabytes, Math.round(memoryKb / 1024));
      const [draw] = await database.session((session) => readDraws(session, [sid]));
      if (draw?.state === 'drawn') return { draw, megabytes };
      await pause(realClock, POLL_MS);
    }
    throw new Error(`the draw took more than ${DRAW_LIMIT_MS / 1000} s`);
  }
}

async function fill(url: string, drawKey: string, sid: number, entries: number, readMariadbMs: () => number) {
  const mysql = connectMysql({ url, maxConnections: TAKERS, acquireDeadlineMs: 5000 });
  const database = createDatabase({ mysql, statementMs: 30_000 });
  const [startMs, mariadbMs, own] = [performance.now(), readMariadbMs(), process.cpuUsage()];
  let next = 0;
  const taker = async () => {
    while (next < entries) {
      const from = next;
      next += BATCH;
      const size = Math.min(BATCH, entries - from);
      const keys = Array.from({ length: size }, (_, i) => ({ sid, buyer: `buyer-${from + i}` }));
      await takeEntries(database, drawKey, keys);
    }
  };
  try {
    await Promise.all(Array.from({ length: TAKERS }, taker));
  } finally {
    await mysql.destroy();
  }
  const { user, system } = process.cpuUsage(own);
  return {
    takenPerSecond: (entries * 1000) / (performance.now() - startMs),
    takenCpuUs: {
      taker: (user + system) / entries,
      mariadb: ((readMariadbMs() - mariadbMs) * 1000) / entries,
    },
  };
}

/** CPU time of a process, in milliseconds. */
function cpuOf(pids: Map<string, number>, name: string): number {
  return readUsage(pids).get(name)?.cpuMs ?? 0;
}
