import type { ExpectedAlarm } from '../alarms/expected-alarm.ts';
import type { DrawStage } from '../draws/draw-stage.ts';
import type { SaleLoad } from '../load/run-load.ts';
import type { FaultSystem } from '../system/fault-system.ts';

/**
 * Orders that may fail without MySQL: on a busy machine the log acknowledges about one of a thousand orders too late, and without the
 * database there is no direct decision. The response is 503, and the buyer may repeat the order.
 */
export const LATE_LOG_ERRORS = 2;

/** Limits of a fault's effects on buyers. Times in milliseconds; undefined: no limit. */
export type Bounds = {
  /** From the beginning of the fault to the last request that ends with 5xx or without a response. 0: no such request. */
  errorsEndMs?: number;
  /** Orders that may fail; other requests may fail while the database is unavailable. */
  orderErrors?: number;
  /** Like `errorsEndMs`, from the end of the fault. */
  errorsEndAfterHealMs?: number;
  /** Longest time without a confirmation. */
  pauseMs?: number;
  /** From the end of the fault to the first confirmation that is followed by no error and no long pause. */
  recoverMs?: number;
};

/** What a fault has before its sale begins. */
export type EmptyStage = DrawStage & {
  /** Of the stock that the load buys. */
  sid: number;
};

/** A running sale. */
export type Stage = EmptyStage & { load: SaleLoad };

/** Ends the fault; also called when the command is interrupted. */
export type Heal = () => Promise<void> | void;

export type Fault = {
  name: string;
  /** A description in one line. */
  what: string;
  /** Creates what the fault needs besides the stock of the load, which begins when this has resolved. */
  prepare?(stage: EmptyStage): Promise<void>;
  /** Begins the fault when 30 % of the units are sold; the returned function is called `lastsMs` later. */
  inject(stage: Stage): Promise<Heal> | Heal;
  /** 0: the fault ends immediately, and the system recovers without help. */
  lastsMs: number;
  bounds: Bounds;
  /** Seconds of the sale before and after the fault, and buyers beyond the units (defaults in run-fault.ts). */
  calmSeconds?: number;
  buyers?: number;
  /** Checks further invariants after the sale. Resolves with the violated ones, one per line. */
  check?(stage: Stage): Promise<string[]>;
  /** Undefined: not stated. */
  alarm?: ExpectedAlarm;
  /** Why the fault cannot be injected on this machine; undefined: it can. */
  skipReason?(system: FaultSystem): string | undefined;
};
