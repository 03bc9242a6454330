import type { KafkaTarget } from '../../proto/kafka.ts';
import { type MovedOffset, resetOffsets } from '../../proto/reset-offsets.ts';
import type { topicNames } from '../../proto/topics.ts';
import { askSupervisor } from '../system/ask-supervisor.ts';

export type ReplaySince = {
  target: KafkaTarget;
  names: ReturnType<typeof topicNames>;
  sinceMs: number;
  /** Where the system of npm start lives, whose workers are stopped meanwhile. Undefined: nobody's workers run. */
  dir: string | undefined;
  print(line: string): void;
};

/**
 * Lets the workers decide the log once more from a moment on, after a database was restored to it: what the rows know keeps its
 * decision, and the rest is decided again, in the log's sequence. Rejects, with nothing changed, while workers run elsewhere.
 */
export async function replaySince({ target, names, sinceMs, dir, print }: ReplaySince): Promise<MovedOffset[]> {
  const workers = dir === undefined ? [] : await listWorkers(dir);
  try {
    for (const name of workers) {
      await askSupervisor(dir as string, { ask: 'halt', name });
      print(`· ${name} … stopped`);
    }
    const moved = await resetOffsets(target, { topic: names.orders, group: names.workerGroup, sinceMs });
    for (const { partition, from, to, end } of moved) {
      if (to !== from) print(`· partition ${partition}: again from ${to} on, ${end - to} records`);
    }
    if (moved.every(({ from, to }) => from === to)) print('· no record since then was decided already');
    return moved;
  } finally {
    // Also where the offsets could not be set.
    for (const name of workers) {
      await askSupervisor(dir as string, { ask: 'replace', name });
      print(`· ${name} … started`);
    }
  }
}

async function listWorkers(dir: string): Promise<string[]> {
  const { processes } = await askSupervisor(dir, { ask: 'list' });
  return processes.filter(({ kind }) => kind === 'order-worker').map(({ name }) => name);
}
