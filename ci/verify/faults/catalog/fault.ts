import type { Database } from '../../../../db/mysql/database.ts';
import type { SaleLoad } from '../run-load.ts';
import type { FaultSystem } from '../system/fault-system.ts';

/** What buyers may see at most. Times in milliseconds. Where nothing is said, nothing of the kind is asked for. */
export type Bounds = {
  /** Requests that end in 5xx or without an answer: the last one so long after the fault began. 0: there are none at all. */
  errorsEndMs?: number;
  /** Of orders alone none: looking and asking may fail where the database is away. */
  orderErrors?: 0;
  /** The same as errorsEndMs, counted from the moment it was over. */
  errorsEndAfterHealMs?: number;
  /** Longest time in which nobody was told of an order, while there were units and buyers. */
  pauseMs?: number;
  /** From the end of the fault until buyers are served as before. */
  recoverMs?: number;
};

/** A sale in the middle of which a fault happens. */
export type Stage = { system: FaultSystem; sid: number; database: Database; load: SaleLoad; print(line: string): void };

/** Ends what was done; called also when everything is called off. */
export type Heal = () => Promise<void> | void;

export type Fault = {
  name: string;
  /** In one line. */
  what: string;
  /** Begins the fault, when 30 % are sold; `heal` is called `lastsMs` later. */
  inject(stage: Stage): Promise<Heal> | Heal;
  /** 0: it is over at once, and the system mends itself. */
  lastsMs: number;
  bounds: Bounds;
  /** Seconds of selling beside those that the fault lasts, and buyers beyond the units, where the usual ones will not do. */
  calmSeconds?: number;
  buyers?: number;
  /** Further promises, after the sale: each broken one in a line. */
  check?(stage: Stage): Promise<string[]>;
  /** Why it cannot be done here; undefined: it can. */
  leftOut?(system: FaultSystem): string | undefined;
};
