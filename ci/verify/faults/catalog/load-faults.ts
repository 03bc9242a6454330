import type { Fault } from './fault.ts';

const LASTS_MS = 5000;
const TIMES = 10;

/** A load above the capacity of the system. */
export const loadFaults: Fault[] = [
  {
    // Enough units that some are left after the load, even if all buyers are served.
    name: 'tenfold-load',
    what: 'ten times the buyers for 5 s',
    lastsMs: LASTS_MS,
    calmSeconds: 80,
    // A rejection with Retry-After is not an error.
    bounds: { errorsEndAfterHealMs: 5000, recoverMs: 15_000 },
    alarm: { none: 'the load is served' },
    inject({ load }) {
      const more = load.plan.perSecond * (TIMES - 1);
      load.add(more, (more * LASTS_MS) / 1000);
      return () => undefined;
    },
  },
];

/** A sale without a fault, for comparison. */
export const calmSale: Fault = {
  name: 'calm-sale',
  what: 'no fault for 8 s: no error, and no alarm',
  lastsMs: 8000,
  bounds: { errorsEndMs: 0, pauseMs: 2000, recoverMs: 3000 },
  alarm: { none: 'nothing is wrong', isQuiet: true },
  inject: () => () => undefined,
};
