import type { PlannedStock } from '../plans/plan-sale.ts';
import { NO_FAULTS } from '../world/faults.ts';
import { isOnSale, putOnSale } from './act-as-administrator.ts';
import { actAsBuyer } from './act-as-buyer.ts';
import type { ActorOptions } from './actor-options.ts';
import { callProcess } from './call-process.ts';
import { type BuyerHabits, planHabits, planLateBuyer } from './plan-habits.ts';

const LATE_BUYERS_EVERY_MS = 250;
const READ_EVERY_MS = 100;
/** Everything must end in this time after the storm. A consumer looks up a pending order every minute at least. */
const MAX_CALM_MS = 150_000;
/** A payment page is held for a minute longer, and an event that is lost is noticed after another. */
const MAX_CALM_WITH_PAGES_MS = 300_000;
const LAST_CHECKS_MS = 800;

/** Starts the buyers; after the storm, late buyers take what is left. Returns a function that says whether the run is over. */
export function runBuyers(options: ActorOptions): () => boolean {
  const { world, servers, sale, checks, processes } = options;
  const { time, random, trace } = world;
  const { database, group } = servers;
  let over = false;
  let calm = false;
  const waiting = new Set<string>();
  const isOver = () => over;
  const isSoldOut = ({ sid, count, kind }: PlannedStock) =>
    kind === 'ladder' || database.rowOf('stock', String(sid))?.sale === count;
  const isDraw = ({ mode }: PlannedStock) => mode === 'draw' || mode === 'line';
  /** It has no entry to offer its units to when none waits. */
  const isServed = (stock: PlannedStock) =>
    isDraw(stock) && !database.rowsOf('entry').some(({ sid, state }) => sid === stock.sid && state === 'waiting');

  function send(habits: BuyerHabits): void {
    waiting.add(habits.name);
    const gateway = sale.gateway && { plan: sale.gateway, servers };
    actAsBuyer({ world, checks, consumers: processes.consumers, isOver, gateway }, habits).then(
      () => waiting.delete(habits.name),
      (error: unknown) => checks.fail('every buyer is answered', `${habits.name}: ${(error as Error).stack}`),
    );
  }

  function sendLateBuyers(number: number): void {
    if (over) return;
    const left = sale.stocks.filter((stock) => isOnSale(servers, stock) && !isSoldOut(stock) && !isDraw(stock));
    for (const { sid } of left) send(planLateBuyer(`late-${number}-${sid}`, sid));
    time.after(LATE_BUYERS_EVERY_MS, () => sendLateBuyers(number + 1));
  }

  for (let i = 0; i < sale.buyers; i += 1) {
    const habits = planHabits(random, sale, `buyer-${i}`);
    time.after(random.between(0, sale.rushMs), () => send(habits));
  }
  if (random.chance(0.5)) readStocks(options, () => calm);
  time.after(sale.stormMs, () => {
    Object.assign(world.faults, NO_FAULTS);
    calm = true;
    trace.add(() => 'the storm is over');
    putOnSale(options, isOver);
    sendLateBuyers(0);
  });
  time.after(sale.stormMs + (sale.gateway ? MAX_CALM_WITH_PAGES_MS : MAX_CALM_MS), () => {
    const missing = checks.events.missing();
    if (waiting.size > 0) checks.fail('every buyer is answered', `${[...waiting].join(', ')} still wait`);
    else if (checks.sessions.unsettled().length > 0) {
      checks.fail('money without goods is refunded', checks.sessions.unsettled().join(', '));
    } else if (missing.size > 0) checks.fail('every event is published', [...missing].join(', '));
    else checks.fail('all units are sold', JSON.stringify(database.rowsOf('stock')));
  });

  let doneMs: number | undefined;
  return () => {
    if (!calm || waiting.size > 0 || !sale.stocks.every((stock) => isSoldOut(stock) || isServed(stock)))
      doneMs = undefined;
    else if (doneMs === undefined) {
      doneMs = time.nowMs();
      // The log's records are delivered once more, to their present owners. This must change nothing.
      if (random.chance(0.3)) {
        group.forgetOffsets();
        group.rebalance();
      }
    }
    over =
      doneMs !== undefined &&
      time.nowMs() >= doneMs + LAST_CHECKS_MS &&
      checks.events.missing().size === 0 &&
      checks.sessions.unsettled().length === 0;
    return over;
  };
}

/** Reads stocks as visitors of a page do. */
function readStocks(options: ActorOptions, isCalm: () => boolean): void {
  const { world, sale, processes } = options;
  if (isCalm()) return;
  const { sid } = world.random.pick(sale.stocks);
  void callProcess(world, world.random.pick(processes.consumers()), ({ readStock }) => readStock(sid));
  world.time.after(READ_EVERY_MS, () => readStocks(options, isCalm));
}
