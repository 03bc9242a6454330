import type { Fault } from './fault.ts';

const LASTS_MS = 8000;
const TWO_HOURS_MS = 7_200_000;
const SHIFTED = ['consumer-1', 'provider-1', 'order-worker-1'];

/** Sets the clocks of one process of each kind to another time during the sale, and back. */
export const clockFaults: Fault[] = [
  { name: 'clocks-ahead', what: 'two hours ahead', offsetMs: TWO_HOURS_MS },
  { name: 'clocks-behind', what: 'two hours behind', offsetMs: -TWO_HOURS_MS },
].map(({ name, what, offsetMs }) => ({
  name,
  what: `the clocks of one process of each kind are ${what} for 8 s`,
  lastsMs: LASTS_MS,
  alarm: { name: 'ClockWrong' },
  bounds: { errorsEndMs: 2000, recoverMs: 20_000 },
  inject({ system }) {
    for (const name of SHIFTED) system.shiftClock(name, offsetMs);
    return () => {
      for (const name of SHIFTED) system.shiftClock(name, 0);
    };
  },
}));
