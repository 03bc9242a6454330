import { signal } from '@preact/signals';
import { type Answer, ApiError, type Call, callApi } from '../../call-api.ts';
import { identity, replaceToken, signIn, signOut } from '../../identity.ts';

/** Why the token that was used is not enough; null: none was refused. */
export const refusal = signal<'unauthorized' | 'forbidden' | null>(null);

/** A token is being asked for. */
export const isEntering = signal(true);

export async function enter(): Promise<void> {
  isEntering.value = true;
  await signIn('admin');
  isEntering.value = false;
}

// A token of a shop that was set up anew is refused although its time is not over: then another is asked for, but not for ever.
const RENEW_EVERY_MS = 10_000;
let renewedMs = Number.NEGATIVE_INFINITY;

/** As callApi, with the administrator's token. */
export async function callAdmin<T>(path: string, call: Call = {}): Promise<Answer<T>> {
  const token = identity.value?.token;
  try {
    return await callApi<T>(path, { ...call, token });
  } catch (error) {
    if (error instanceof ApiError) await reportRefused(error.status, token);
    throw error;
  }
}

/** To be told of every 401 and 403. Asks a demonstration for a new token, or takes the one that was refused away. */
export async function reportRefused(status: number, token: string | undefined): Promise<void> {
  const refused = identity.value;
  if ((status !== 401 && status !== 403) || refused === null || refused.token !== token) return;
  if (status === 401 && performance.now() - renewedMs > RENEW_EVERY_MS) {
    renewedMs = performance.now();
    if (await replaceToken('admin', refused)) return;
  }
  signOut('admin');
  refusal.value = status === 403 ? 'forbidden' : 'unauthorized';
}
