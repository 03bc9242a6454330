import type { SimulatedConsumer } from '../processes/start-consumer.ts';
import type { World } from '../world/world.ts';

/** Timeout of a buyer's client. */
const TIMEOUT_MS = 8000;

/** Resolves with the consumer's answer; null: none came, and the outcome is unknown. */
export function callConsumer<T>(
  world: World,
  consumer: SimulatedConsumer,
  work: (consumer: SimulatedConsumer) => Promise<T>,
): Promise<T | null> {
  const { time, latencyMs } = world;
  const { process } = consumer;
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
        work(consumer).then(end, () => end(null));
      }),
    );
  });
}
