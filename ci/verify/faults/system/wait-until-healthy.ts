import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../../command/wait-until.ts';
import { createHttpClient } from '../../sale/buyers/http-client.ts';
import type { FaultSystem } from './fault-system.ts';

const LIMIT_MS = 60_000;
const READY_LIMIT_MS = 2000;
const CONNECTIONS = 4;
const QUICK_MS = 1000;

/** Resolves when all services are ready and an order of each of these stocks, one per partition, was confirmed quickly. */
export async function waitUntilHealthy(system: FaultSystem, sids: number[]): Promise<void> {
  const names = system.supervisor.list().map(({ name }) => name);
  const services = names.filter((name) => /^(consumer|provider|order-worker)-/.test(name));
  const isReady = async (name: string) => {
    const response = await fetch(`${system.metricsUrl(name)}/readyz`, { signal: AbortSignal.timeout(READY_LIMIT_MS) });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`${name} is not ready`);
  };
  await waitUntil('all services to be ready', () => Promise.all(services.map(isReady)), { limitMs: LIMIT_MS });
  const client = createHttpClient(system.url, CONNECTIONS);
  let tries = 0;
  const buy = async (sid: number) => {
    tries += 1;
    const token = await system.createToken(`probe-${Date.now()}-${tries}`, 'buyer');
    const startedMs = performance.now();
    const { status } = await client.send({ method: 'POST', path: `/api/v1/stocks/${sid}/orders`, token });
    const tookMs = performance.now() - startedMs;
    if (status !== 201 || tookMs > QUICK_MS)
      throw new Error(`an order was answered with ${status} after ${Math.round(tookMs)} ms`);
  };
  try {
    await waitUntil(
      'orders to be confirmed quickly',
      async () => {
        for (const sid of sids) {
          await buy(sid);
          // The next request reaches another consumer and another provider.
          await sleep(50);
        }
      },
      { limitMs: LIMIT_MS },
    );
  } finally {
    await client.close();
  }
}
