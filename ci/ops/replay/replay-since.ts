import type { KafkaTarget } from '../../../proto/kafka/kafka.ts';
import { type MovedOffset, rejectMembers, resetOffsets } from '../../../proto/kafka/reset-offsets.ts';
import type { topicNames } from '../../../proto/kafka/topics.ts';
import { callSupervisor } from '../../local/supervisor/call-supervisor.ts';
import { haltWorkers, listWorkers } from './halt-workers.ts';
import type { StocksAtRest } from './rest-stocks.ts';

export type ReplaySince = {
  target: KafkaTarget;
  names: ReturnType<typeof topicNames>;
  sinceMs: number;
  /** Where the system of npm start lives, whose workers are stopped meanwhile. Undefined: none run. */
  dir: string | undefined;
  stocks: Pick<StocksAtRest, 'begin'>;
  print(line: string): void;
};

/**
 * Lets the workers decide the log once more from a moment on, after a database was restored to it: what the rows know keeps its
 * decision, and the rest is decided again, in the log's sequence. The stocks rest then, until the caller ends it. Rejects, with nothing
 * changed, while workers run elsewhere; where it fails later, the rest that began here is undone.
 */
export async function replaySince({ target, names, sinceMs, dir, stocks, print }: ReplaySince): Promise<MovedOffset[]> {
  const workers = dir === undefined ? [] : await listWorkers(dir);
  // Where it fails, workers that were halted before stay so: they would expire what was restored.
  let wanted = workers.filter(({ isRunning }) => isRunning);
  try {
    if (dir !== undefined) await haltWorkers(dir, print);
    await rejectMembers(target, names.workerGroup);
    const undo = await stocks.begin();
    const range = { topic: names.orders, group: names.workerGroup, sinceMs };
    const moved = await resetOffsets(target, range).catch((error: Error) => undoAfter(error, undo));
    for (const { partition, from, to, end } of moved) {
      if (to !== from) print(`· partition ${partition}: again from ${to} on, ${end - to} records`);
    }
    if (moved.every(({ from, to }) => from === to)) print('· no record since then was decided already');
    wanted = workers;
    return moved;
  } finally {
    // Also where the offsets could not be set.
    for (const { name } of wanted) {
      await callSupervisor(dir as string, { ask: 'replace', name });
      print(`· ${name} … started`);
    }
  }
}

async function undoAfter(error: Error, undo: () => Promise<void>): Promise<never> {
  await undo().catch((cause) => {
    const hint = 'stocks still rest, which npm run replay -- --wait ends';
    throw new Error(`${error.message}; ${hint}: ${(cause as Error).message}`, { cause: error });
  });
  throw error;
}
