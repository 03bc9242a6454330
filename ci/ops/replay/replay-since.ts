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
  /** The folder of the system of npm start, whose workers are stopped meanwhile. Undefined: no such system. */
  dir: string | undefined;
  stocks: Pick<StocksAtRest, 'begin'>;
  print(line: string): void;
};

/**
 * Makes the workers decide the log again from a time on, after the database was restored to it: orders in the database keep their
 * decision, the others are decided again in the sequence of the log. The stocks rest until the caller ends it. Rejects without a change
 * while workers run elsewhere; after a later failure the rest of the stocks is undone.
 */
export async function replaySince({ target, names, sinceMs, dir, stocks, print }: ReplaySince): Promise<MovedOffset[]> {
  const workers = dir === undefined ? [] : await listWorkers(dir);
  // After a failure, workers that were halted before stay halted: they would expire restored orders.
  let wanted = workers.filter(({ isRunning }) => isRunning);
  try {
    if (dir !== undefined) await haltWorkers(dir, print);
    await rejectMembers(target, names.workerGroup);
    const undo = await stocks.begin();
    const range = { topic: names.orders, group: names.workerGroup, sinceMs };
    const moved = await resetOffsets(target, range).catch((error: Error) => undoAfter(error, undo));
    for (const { partition, from, to, end } of moved) {
      if (to !== from) print(`· partition ${partition}: again from offset ${to}, ${end - to} records`);
    }
    if (moved.every(({ from, to }) => from === to)) print('· no record since then has been decided');
    wanted = workers;
    return moved;
  } finally {
    // Also after a failure to set the offsets.
    for (const { name } of wanted) {
      await callSupervisor(dir as string, { ask: 'replace', name });
      print(`· ${name} … started`);
    }
  }
}

async function undoAfter(error: Error, undo: () => Promise<void>): Promise<never> {
  await undo().catch((cause) => {
    const hint = 'stocks still rest; npm run replay -- --wait ends it';
    throw new Error(`${error.message}; ${hint}: ${(cause as Error).message}`, { cause: error });
  });
  throw error;
}
