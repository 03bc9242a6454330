import type { handleUnaryCall } from '@grpc/grpc-js';
import type { Database } from '../../db/mysql/database.ts';
import type { LadderCounters } from '../../db/stocks/ladder-counters.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import type { Fresh } from '../../proto/process/fresh-cache.ts';

/** What both services need. */
export type ServiceOptions = {
  /** Name of this process. */
  name: string;
  database: Database;
  counters: LadderCounters;
  readStock(sid: number): Fresh<Stock | null> | Promise<Fresh<Stock | null>>;
  /** Runs a list query on one of the few connections for lists. */
  limitList: <T>(work: () => Promise<T>) => Promise<T>;
  /** Creates the handler of an rpc (createUnaryHandler). */
  answer: <Request, Reply>(work: (request: Request) => Promise<Reply>) => handleUnaryCall<Request, Reply>;
  /** Logs the unexpected error of an item whose call does not fail. */
  warn(fields: Record<string, unknown>): void;
};
