import type { Random } from '../../verify/simulate/world/seeded-random.ts';
import type { TestGateway } from '../gateways/start-test-gateway.ts';

const MAX_REPEATS = 3;

/**
 * Delivers what waits as a bad network would: one in five events is lost for good, the others come up to three times, in any order and
 * several at once. Those that are not answered with 2xx wait again, as the gateway demands.
 */
export async function deliverEvents({ events }: TestGateway, random: Random): Promise<void> {
  const deliveries = events
    .takeAll()
    .filter(() => !random.chance(0.2))
    .flatMap((event) => Array.from({ length: random.whole(1, MAX_REPEATS) }, () => ({ event, at: random.next() })))
    .sort((a, b) => a.at - b.at);
  const refused = new Map<string, (typeof deliveries)[number]['event']>();
  await Promise.all(
    deliveries.map(async ({ event }) => {
      const status = await events.deliver(event).catch(() => 0);
      if (status < 200 || status > 299) refused.set(event.id, event);
    }),
  );
  for (const event of refused.values()) events.add(event);
}
