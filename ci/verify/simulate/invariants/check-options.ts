import type { Sale } from '../plans/plan-sale.ts';
import type { SimulatedDatabase } from '../servers/database/simulated-database.ts';
import type { World } from '../world/world.ts';
import type { AskedOrder } from './asked-order.ts';
import type { StockHistory } from './stock-history.ts';

/** What the checks of one run share. */
export type CheckOptions = {
  world: World;
  database: SimulatedDatabase;
  sale: Sale;
  /** Upper bound for the age of a stock read. */
  staleMs: number;
  history: StockHistory;
  /** By order number. */
  asked: Map<string, AskedOrder>;
  /** Order numbers whose buyers received a refusal. */
  refusedNumbers: Set<string>;
  /** Order numbers sent as orders that take no unit. One that met a closed sale is closed even if the sale has opened again. */
  takingNoUnit: Set<string>;
  fail(invariant: string, detail: string): void;
};
