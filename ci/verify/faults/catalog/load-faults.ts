import type { Fault } from './fault.ts';

const LASTS_MS = 5000;
const TIMES = 10;

/** More buyers than anybody reckoned with. */
export const loadFaults: Fault[] = [
  {
    // So many units that some are left for afterwards, also where all of the crowd is served.
    name: 'tenfold-load',
    what: 'ten times the buyers for 5 s',
    lastsMs: LASTS_MS,
    calmSeconds: 80,
    // To be turned away with Retry-After is no error.
    bounds: { errorsEndAfterHealMs: 5000, recoverMs: 15_000 },
    inject({ load }) {
      const more = load.plan.perSecond * (TIMES - 1);
      load.come(more, (more * LASTS_MS) / 1000);
      return () => undefined;
    },
  },
];
