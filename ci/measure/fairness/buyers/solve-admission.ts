import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { HttpClient } from '../../../verify/sale/buyers/http-client.ts';
import { sendUntil } from '../../../verify/sale/buyers/send-until.ts';

/** Solves the challenge of this identity. `cpuMs` is that of the search; nothing else may run in this process meanwhile. */
export async function solveAdmission(
  client: HttpClient,
  sid: number,
  token: string,
): Promise<{ admission: string; cpuMs: number }> {
  const path = `/api/v1/stocks/${sid}/admission`;
  const { body } = await sendUntil(client, { method: 'GET', path, token }, 200);
  const challenge = body.challenge as Challenge | null;
  if (!challenge) throw new Error(`no challenge: ${JSON.stringify(body)}`);
  const before = process.cpuUsage();
  const solved = await solveChallenge({ challenge, deriveKey });
  const { user, system } = process.cpuUsage(before);
  if (!solved) throw new Error('the challenge has no solution');
  const { counter, derivedKey } = solved;
  const json = { challenge, solution: { counter, derivedKey } };
  const answer = await sendUntil(client, { method: 'POST', path, token, json }, 200);
  return { admission: String(answer.body.token), cpuMs: (user + system) / 1000 };
}
