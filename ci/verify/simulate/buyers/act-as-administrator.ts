import type { UpdateStockRequestInput } from '../../../../proto/gen/flashsale/v1/UpdateStockRequest.ts';
import type { PlannedStock } from '../plans/plan-sale.ts';
import type { Servers } from '../servers/servers.ts';
import type { ActorOptions } from './actor-options.ts';
import { callProcess } from './call-process.ts';

const TRIES = 3;
const OPEN_EVERY_MS = 500;

/** Changes windows, pauses and prices as planned. */
export function actAsAdministrator(options: ActorOptions): void {
  const { world, servers, sale } = options;
  for (const { atMs, request } of sale.changes) {
    world.time.after(atMs, () => void change(options, request(servers.database.nowMs()), TRIES));
  }
}

/** Puts every stock on sale, again and again: a late change may have closed it. */
export function putOnSale(options: ActorOptions, isOver: () => boolean): void {
  if (isOver()) return;
  for (const { sid, mode } of options.sale.stocks.filter((stock) => !isOnSale(options.servers, stock))) {
    // A draw or a line keeps a time of opening that is not before its places are drawn.
    const opened =
      mode === 'draw' || mode === 'line' ? { opensAtMs: options.servers.database.nowMs() } : { clearOpensAt: true };
    void change(options, { sid, paused: false, ...opened, clearClosesAt: true }, 1);
  }
  options.world.time.after(OPEN_EVERY_MS, () => putOnSale(options, isOver));
}

export function isOnSale({ database }: Servers, { sid }: PlannedStock): boolean {
  const stock = database.rowOf('stock', String(sid));
  const isOpened = stock?.opens_at === null || Number(stock?.opens_at) <= database.nowMs();
  return stock?.paused === 0 && isOpened && stock.closes_at === null;
}

async function change(options: ActorOptions, request: UpdateStockRequestInput, tries: number): Promise<void> {
  const { world, processes } = options;
  world.trace.add(() => `administrator: ${JSON.stringify(request)}`);
  const consumer = world.random.pick(processes.consumers());
  const changed = await callProcess(world, consumer, ({ providers }) => providers.updateStock(request));
  if (!changed && tries > 1) await change(options, request, tries - 1);
}
