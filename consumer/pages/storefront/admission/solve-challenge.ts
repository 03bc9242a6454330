import type { Challenge } from 'altcha-lib';

export type Solution = { counter: number; derivedKey: string };

/** Solves a challenge in a worker, beside the page. Rejects where the browser cannot. */
export function solveChallenge(challenge: Challenge): Promise<Solution> {
  const worker = new Worker(new URL('./solver.ts', import.meta.url), { type: 'module' });
  return new Promise<Solution>((resolve, reject) => {
    const fail = () => reject(new Error('the challenge was not solved'));
    worker.onerror = fail;
    worker.onmessage = ({ data }: MessageEvent<Solution | null>) => (data ? resolve(data) : fail());
    worker.postMessage(challenge);
  }).finally(() => worker.terminate());
}
