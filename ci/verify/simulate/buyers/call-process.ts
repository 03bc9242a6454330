import type { SimulatedProcess } from '../world/simulated-process.ts';
import type { World } from '../world/world.ts';

/** Timeout of a buyer's client. */
const TIMEOUT_MS = 8000;

/** Resolves with the answer of a consumer or provider; null: none came, and the outcome is unknown. */
export function callProcess<P extends { process: SimulatedProcess }, T>(
  world: World,
  callee: P,
  work: (callee: P) => Promise<T>,
): Promise<T | null> {
  const { time, latencyMs } = world;
  const { process } = callee;
  return new Promise((resolve) => {
    const cancel = time.after(TIMEOUT_MS, () => resolve(null));
    const end = (answer: T | null) => {
      cancel();
      time.after(latencyMs(), () => resolve(answer));
    };
    if (!process.isAlive()) return end(null);
    process.onKill(() => end(null));
    time.after(latencyMs(), () =>
      process.deliver(() => {
        work(callee).then(end, () => end(null));
      }),
    );
  });
}
