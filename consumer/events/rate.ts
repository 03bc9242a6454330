const SLOT_MS = 200;
const SLOTS = 10;

/** Units per second over the last two seconds. Returned units are ignored. */
export function createRate() {
  const slots = new Float64Array(SLOTS);
  let newest = Number.NEGATIVE_INFINITY;

  function moveTo(nowMs: number): number {
    const slot = Math.floor(nowMs / SLOT_MS);
    if (slot - newest >= SLOTS) slots.fill(0);
    else for (let past = newest + 1; past <= slot; past += 1) slots[past % SLOTS] = 0;
    newest = Math.max(newest, slot);
    return newest % SLOTS;
  }

  return {
    add(nowMs: number, units: number): void {
      if (units <= 0) return;
      const slot = moveTo(nowMs);
      slots[slot] = (slots[slot] as number) + units;
    },
    perSecond(nowMs: number): number {
      moveTo(nowMs);
      return Math.round(slots.reduce((sum, units) => sum + units, 0) / ((SLOTS * SLOT_MS) / 1000));
    },
  };
}
