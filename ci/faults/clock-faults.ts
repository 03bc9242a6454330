import type { Fault } from './fault.ts';

const LASTS_MS = 8000;
const HOUR_MS = 3_600_000;
const WRONG = ['consumer-1', 'provider-1', 'order-worker-1'];

/** The clocks of one of each process set to another hour in the middle of the sale, and back. */
export const clockFaults: Fault[] = [
  { name: 'clocks-ahead', what: 'an hour ahead', offsetMs: HOUR_MS },
  { name: 'clocks-behind', what: 'an hour behind', offsetMs: -HOUR_MS },
].map(({ name, what, offsetMs }) => ({
  ...{ name, what: `the clocks of one of each process are ${what} for 8 s`, lastsMs: LASTS_MS },
  bounds: { errorsEndMs: 2000, recoverMs: 20_000 },
  inject({ system }) {
    for (const one of WRONG) system.shiftClock(one, offsetMs);
    return () => {
      for (const one of WRONG) system.shiftClock(one, 0);
    };
  },
}));
