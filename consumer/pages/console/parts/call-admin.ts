import { signal } from '@preact/signals';
import { type Answer, ApiError, type Call, callApi } from '../../call-api.ts';
import { identity, replaceToken, signIn, signOut } from '../../identity.ts';

/** Why the last token was refused; null: none was. */
export const refusal = signal<'unauthorized' | 'forbidden' | null>(null);

/** Whether a token is being requested. */
export const isEntering = signal(true);

export async function enter(): Promise<void> {
  isEntering.value = true;
  await signIn('admin');
  isEntering.value = false;
}

// After a new set-up of the shop, tokens are refused before they expire. A new one is requested at most this often.
const RENEW_EVERY_MS = 10_000;
let renewedMs = Number.NEGATIVE_INFINITY;

/** Calls the API with the administrator's token. */
export async function callAdmin<T>(path: string, call: Call = {}): Promise<Answer<T>> {
  const token = identity.value?.token;
  try {
    return await callApi<T>(path, { ...call, token });
  } catch (error) {
    if (error instanceof ApiError) await reportRefused(error.status, token);
    throw error;
  }
}

/** Call it with every 401 and 403. Requests a new demo token, or signs out. */
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
