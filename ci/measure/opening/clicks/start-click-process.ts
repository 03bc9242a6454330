import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ClickPlan, ClickTimes } from './send-clicks.ts';

export type ClickProcess = {
  /** One burst at a time. */
  send(plan: ClickPlan): Promise<ClickTimes>;
  close(): void;
};

/** A process of its own for the load: the bench's own work delays no click, and its CPU time is known. */
export function startClickProcess(): ClickProcess {
  const child = fork(fileURLToPath(new URL('click-process.ts', import.meta.url)), { serialization: 'advanced' });
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the process that clicks ended with ${signal ?? code}`);
  });
  ended.catch(() => undefined);
  return {
    async send(plan) {
      const answered = once(child, 'message');
      child.send(plan);
      const [times] = await Promise.race([answered, ended]);
      return times as ClickTimes;
    },
    close() {
      if (child.connected) child.disconnect();
    },
  };
}
