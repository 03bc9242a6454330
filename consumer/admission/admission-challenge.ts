import { createHmac } from 'node:crypto';
import { type Challenge, createChallenge, randomInt, type Solution, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { createCallLimit } from '../../proto/process/call-limit.ts';
import { noteUse, parseSecretKeys } from '../../proto/settings/secret-keys.ts';
import type { Admitted } from './admission-token.ts';

export type AdmissionChallenges = {
  /** A challenge of the same difficulty for everyone. Rejects with a QueueFullError when too many are being made. */
  create(admitted: Admitted, expiresAtSeconds: number): Promise<Challenge>;
  /** Whether this is a solution of a challenge of this buyer, stock and opening that is not too old. */
  isSolved(admitted: Admitted, challenge: Challenge, solution: Solution): Promise<boolean>;
};

const ALGORITHM = 'PBKDF2/SHA-256';
/** Iterations of one key: about half a millisecond of a processor here. Fewer would measure the calls and not the work. */
const COST = 2000;
/** Keys are derived on Node's pool of four threads. */
const LIMIT = { maxConcurrent: 4, maxWaiting: 1000 };

/**
 * The counter that solves a challenge is chosen at random from 0 to `work`, so nobody's work exceeds that; a solver starts at 0. A solution
 * is verified without deriving its key again: the challenge has a MAC of it. Nothing is stored: a solution that is sent again gives the
 * same buyer the same admission.
 */
export function createAdmissionChallenges(keys: string, work: number): AdmissionChallenges {
  const secrets = parseSecretKeys(keys).map((key) => ({
    key,
    hmacSignatureSecret: deriveSecret(key.secret, 'challenge'),
    hmacKeySignatureSecret: deriveSecret(key.secret, 'solution'),
  }));
  const limit = createCallLimit(LIMIT);
  return {
    create(admitted, expiresAtSeconds) {
      const [current] = secrets;
      if (!current) throw new Error('no key for challenges');
      const { hmacSignatureSecret, hmacKeySignatureSecret } = current;
      const signed = { hmacSignatureSecret, hmacKeySignatureSecret };
      const counter = randomInt(work, 0);
      const [algorithm, cost, expiresAt, data] = [ALGORITHM, COST, expiresAtSeconds, dataOf(admitted)];
      return limit(() => createChallenge({ ...signed, algorithm, cost, counter, data, deriveKey, expiresAt }));
    },
    async isSolved(admitted, challenge, solution) {
      const expected = Object.entries(dataOf(admitted));
      if (expected.some(([name, value]) => challenge.parameters.data?.[name] !== value)) return false;
      for (const [index, { key, ...signed }] of secrets.entries()) {
        const result = await verifySolution({ ...signed, challenge, solution, deriveKey });
        if (result.invalidSignature) continue;
        if (result.verified) noteUse(key, index);
        return result.verified;
      }
      return false;
    },
  };
}

function dataOf({ sid, opensAtMs, buyer }: Admitted): Record<string, string | number> {
  return { sid, opensAtMs, buyer };
}

/** Signatures of one kind are no signatures of another. */
function deriveSecret(secret: string, label: string): string {
  return createHmac('sha256', secret).update(`flash-sale/admission/v1/${label}`).digest('hex');
}
