import type { UpdateStockRequestInput } from '../../../../proto/gen/flashsale/v1/UpdateStockRequest.ts';
import type { PlannedStock, Sale } from '../plans/plan-sale.ts';
import type { SimulatedConsumer } from '../processes/start-consumer.ts';
import type { Servers } from '../servers/servers.ts';
import type { World } from '../world/world.ts';
import { callConsumer } from './call-consumer.ts';

const TRIES = 3;
const OPEN_EVERY_MS = 500;

export type AdministratorWorld = { world: World; servers: Servers; sale: Sale; consumers(): SimulatedConsumer[] };

/** Changes windows, pauses and prices as it was planned. */
export function actAsAdministrator(parts: AdministratorWorld): void {
  const { world, servers, sale } = parts;
  for (const { atMs, request } of sale.changes) {
    world.time.after(atMs, () => void change(parts, request(servers.database.nowMs()), TRIES));
  }
}

/** Puts every stock on sale, and looks again until all is over: a change that was late may have closed one. */
export function putOnSale(parts: AdministratorWorld, isOver: () => boolean): void {
  if (isOver()) return;
  for (const { sid } of parts.sale.stocks.filter((stock) => !isOnSale(parts.servers, stock))) {
    void change(parts, { sid, paused: false, clearOpensAt: true, clearClosesAt: true }, 1);
  }
  parts.world.time.after(OPEN_EVERY_MS, () => putOnSale(parts, isOver));
}

export function isOnSale({ database }: Servers, { sid }: PlannedStock): boolean {
  const stock = database.rowOf('stock', String(sid));
  return stock?.paused === 0 && stock.opens_at === null && stock.closes_at === null;
}

async function change(parts: AdministratorWorld, request: UpdateStockRequestInput, tries: number): Promise<void> {
  const { world } = parts;
  world.trace.add(() => `administrator: ${JSON.stringify(request)}`);
  const consumer = world.random.pick(parts.consumers());
  const changed = await callConsumer(world, consumer, ({ providers }) => providers.updateStock(request));
  if (!changed && tries > 1) await change(parts, request, tries - 1);
}
