import type { Database } from '../../../db/mysql/database.ts';
import type { Appender } from '../../../proto/kafka/kafka.ts';
import type { BenchSystem } from '../bench/bench-system.ts';
import type { createScalingStocks } from './scaling-stocks.ts';

export type ScalingOptions = {
  rounds: number;
  /** Seconds of each slice of orders through the whole system. */
  seconds: number;
  /** Orders on the log when the order-worker starts. */
  orders: number;
  /** Entries of the draw. */
  entries: number;
  part: 'worker' | 'spreads' | 'draw' | 'all';
};

export type ScalingContext = {
  system: BenchSystem;
  database: Database;
  log: Appender;
  /** The topic of the orders. */
  topic: string;
  stocks: ReturnType<typeof createScalingStocks>;
  tokensFile: string;
  options: ScalingOptions;
  /** Resolves when all orders are decided and their events are published. */
  drain: () => Promise<void>;
  print: (line: string) => void;
};
