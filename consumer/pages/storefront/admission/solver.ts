import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';

// A worker: solves the challenge that it receives, beside the page. A solver starts at counter 0, as the server assumes.

const LIMIT_MS = 10 * 60_000;

self.onmessage = async ({ data: challenge }: MessageEvent<Challenge>) => {
  const solution = await solveChallenge({ challenge, deriveKey, timeout: LIMIT_MS }).catch(() => null);
  self.postMessage(solution && { counter: solution.counter, derivedKey: solution.derivedKey });
};
