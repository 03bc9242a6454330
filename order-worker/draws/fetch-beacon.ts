import type { BeaconChain } from '../../db/draws/plan-round.ts';
import { fromHex } from '../../proto/draws/hex.ts';
import { quicknet, readQuicknetBeacon } from '../../proto/draws/quicknet.ts';
import { readAnswer } from '../../proto/process/read-answer.ts';

/** The public randomness that draws wait for. */
export type Beacon = BeaconChain & {
  /** The random bytes of a round. Undefined: this is not the chain's signature of it. */
  readSignature(round: number, signature: Uint8Array): Uint8Array | undefined;
};

export const quicknetBeacon: Beacon = {
  chain: quicknet.chain,
  genesisMs: quicknet.genesisMs,
  periodMs: quicknet.periodMs,
  readSignature: readQuicknetBeacon,
};

export type BeaconRound = { randomness: Uint8Array; signature: Uint8Array };

const DEADLINE_MS = 5000;
const MAX_BYTES = 4096;

/**
 * Asks a server of drand for a round. The server need not be trusted: what it says is used only if it is the chain's signature. Rejects when it does
 * not answer within 5 s, or with something else.
 */
export async function fetchBeacon(beacon: Beacon, url: string, round: number): Promise<BeaconRound> {
  const address = `${url.replace(/\/$/, '')}/${beacon.chain}/public/${round}`;
  const response = await fetch(address, { signal: AbortSignal.timeout(DEADLINE_MS), redirect: 'error' });
  const text = await readAnswer(response, MAX_BYTES, 'the beacon');
  if (!response.ok) throw new Error(`the beacon answered ${response.status} to ${address}`);
  const answer = JSON.parse(text) as { round?: unknown; signature?: unknown };
  const signature = typeof answer.signature === 'string' ? fromHex(answer.signature) : undefined;
  const randomness = signature && beacon.readSignature(round, signature);
  if (!signature || !randomness) throw new Error(`the beacon's answer is not the chain's signature of round ${round}`);
  return { randomness, signature };
}
