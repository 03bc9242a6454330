import type { BeaconChain } from '../../db/draws/plan-round.ts';

/** How this provider makes draws. */
export type DrawOptions = {
  /** DRAWS=on. */
  isOn: boolean;
  drawKey: string;
  /** Null: no public randomness. */
  beacon: BeaconChain | null;
  lineWindowMs: number;
  offerWithinMs: number;
};
