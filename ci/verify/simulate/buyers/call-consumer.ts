import type { SimulatedConsumer } from '../processes/start-consumer.ts';
import type { World } from '../world/world.ts';

/** Longest wait of a buyer's program for an answer. */
const GIVE_UP_MS = 8000;

/** What a consumer answered, or null: no answer came, and nobody knows what was done. */
export function callConsumer<T>(
  world: World,
  consumer: SimulatedConsumer,
  work: (consumer: SimulatedConsumer) => Promise<T>,
): Promise<T | null> {
  const { time, latencyMs } = world;
  const { process } = consumer;
  return new Promise((resolve) => {
    const cancel = time.after(GIVE_UP_MS, () => resolve(null));
    const end = (answer: T | null) => {
      cancel();
      time.after(latencyMs(), () => resolve(answer));
    };
    if (!process.isAlive()) return end(null);
    process.onKill(() => end(null));
    time.after(latencyMs(), () =>
      process.deliver(() => {
        work(consumer).then(end, () => end(null));
      }),
    );
  });
}
