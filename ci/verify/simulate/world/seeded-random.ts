/** One source of chance for a whole run: the same seed gives the same sequence. */
export type Random = {
  /** At least 0, less than 1. */
  next(): number;
  chance(probability: number): boolean;
  between(least: number, most: number): number;
  /** A whole number, at least `least`, at most `most`. */
  whole(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
};

/** mulberry32: 32 bits of state are plenty for a few thousand draws, and nothing here needs more. */
export function seededRandom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    next,
    chance: (probability) => next() < probability,
    between: (least, most) => least + next() * (most - least),
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick<T>(list: readonly T[]): T {
      return list[Math.floor(next() * list.length)] as T;
    },
  };
}
