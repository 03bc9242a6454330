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

/** The first round that leaves time for the statement. */
export function planRound({ genesisMs, periodMs }: BeaconChain, entriesCloseAtMs: number): number {
  return Math.max(1, Math.ceil((entriesCloseAtMs + STATE_WITHIN_MS + STATED_BEFORE_MS - genesisMs) / periodMs) + 1);
}

/** When the round is published. */
export function roundTimeMs({ genesisMs, periodMs }: BeaconChain, round: number): number {
  return genesisMs + (round - 1) * periodMs;
}
