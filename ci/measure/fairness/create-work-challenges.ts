import { randomBytes } from 'node:crypto';
import type { Challenge } from 'altcha-lib';
import { createAdmissionChallenges } from '../../../consumer/admission/admission-challenge.ts';

/** The keys of one challenge are fewer than by default, so that several are solved in seconds. */
const WORK = 500;
const VALID_SECONDS = 3600;

/** Challenges of the consumers, each for another buyer. */
export function createWorkChallenges(count: number): Promise<Challenge[]> {
  const maker = createAdmissionChallenges(randomBytes(24).toString('base64url'), WORK);
  const expiresAt = Math.floor(Date.now() / 1000) + VALID_SECONDS;
  const buyers = Array.from({ length: count }, (_, at) => `buyer-${at}`);
  return Promise.all(buyers.map((buyer) => maker.create({ sid: 1, opensAtMs: 0, buyer }, expiresAt)));
}
