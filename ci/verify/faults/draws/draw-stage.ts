import type { Database } from '../../../../db/mysql/database.ts';
import type { HttpClient } from '../../sale/buyers/http-client.ts';
import type { FaultSystem } from '../system/fault-system.ts';

/** What the draws of a fault need. */
export type DrawStage = { system: FaultSystem; database: Database; client: HttpClient; print(line: string): void };

/** The draw or the line of a stock, as its entrants know it. */
export type DrawSale = {
  sid: number;
  units: number;
  /** Whether buyers may join behind those who were drawn. */
  joinsBehind: boolean;
  /** Buyers who were told that they have an entry, each with its id. */
  entered: Map<string, string>;
  /** Buyers who were told that no entry is taken any more. */
  refused: Set<string>;
  /** Answers that were neither, such as 503. Their buyers tried again. */
  failures: number;
};
