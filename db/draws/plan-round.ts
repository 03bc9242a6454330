/** A chain of public randomness (drand): a round every period, from the genesis on. */
export type BeaconChain = {
  /** The chain's hash, hexadecimal. */
  chain: string;
  genesisMs: number;
  periodMs: number;
};

/** The statement is public for at least this time before the round that decides. */
export const STATED_BEFORE_MS = 10 * 60_000;
/** How long a worker may take to close and state, outages included, before the attempt is void. */
const STATE_WITHIN_MS = 5 * 60_000;
const MAX_STATE_WITHIN_MS = 4 * 60 * 60_000;

/**
 * The first round that leaves time for the statement, from `fromMs` on. `voids`: attempts before it that were void, one after another. Each
 * doubles the time, so that a draw whose entries take longer than that ends too.
 */
export function planRound({ genesisMs, periodMs }: BeaconChain, fromMs: number, voids = 0): number {
  const withinMs = Math.min(STATE_WITHIN_MS * 2 ** voids, MAX_STATE_WITHIN_MS);
  return Math.max(1, Math.ceil((fromMs + withinMs + STATED_BEFORE_MS - genesisMs) / periodMs) + 1);
}

/** When the round is published. */
export function roundTimeMs({ genesisMs, periodMs }: BeaconChain, round: number): number {
  return genesisMs + (round - 1) * periodMs;
}
