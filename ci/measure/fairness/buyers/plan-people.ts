import type { Random } from '../../../verify/simulate/world/seeded-random.ts';

/** What a person keeps over all rounds. */
export type Person = {
  /** From the phone to the system. */
  lineMs: number;
  /** Until the phone has shown the open sale and sent the click. */
  phoneMs: number;
};

const LINE_MS = { min: 10, max: 300 };
const SLOW_PHONES = 0.2;
const FAST_PHONE_MS = { min: 10, max: 60 };
const SLOW_PHONE_MS = { min: 200, max: 1000 };
const THINK_MS = 1500;
const THINK_SPREAD = 0.5;
const THINK_MAX_MS = 8000;
const DOUBLE_CLICKS = 0.2;

export function planPeople(count: number, random: Random): Person[] {
  return Array.from({ length: count }, () => {
    const { min, max } = random.chance(SLOW_PHONES) ? SLOW_PHONE_MS : FAST_PHONE_MS;
    return { lineMs: random.between(LINE_MS.min, LINE_MS.max), phoneMs: random.between(min, max) };
  });
}

/** From the opening until the request of this person arrives: log-normal thinking, the phone and the line. */
export function planArrivalMs({ lineMs, phoneMs }: Person, random: Random): number {
  // Box-Muller.
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.min(THINK_MAX_MS, THINK_MS * Math.exp(THINK_SPREAD * normal)) + phoneMs + lineMs;
}

/** Whether a person sends the request twice. */
export function planDoubleClick(random: Random): boolean {
  return random.chance(DOUBLE_CLICKS);
}
