import { signal } from '@preact/signals';
import { ApiError, callApi } from './call-api.ts';

export type Role = 'buyer' | 'admin';
export type Identity = { token: string; buyer: string; expiresAtMs: number };

/** Who uses the page; null: nobody yet. */
export const identity = signal<Identity | null>(null);
/** Why nobody is signed in: this shop gives no demo tokens, or could not be asked. */
export const signInError = signal<'token_needed' | 'unavailable' | null>(null);

const RENEW_BEFORE_MS = 60_000;
const keyOf = (role: Role) => `flash-sale.${role}`;

/** A token kept from before or, where the shop is a demonstration, a new one. A shop of its own puts its token there (docs). */
export async function signIn(role: Role): Promise<void> {
  const kept = readKept(role);
  if (kept && kept.expiresAtMs - RENEW_BEFORE_MS > Date.now()) {
    signInError.value = null;
    identity.value = kept;
    return;
  }
  await askForToken(role, kept);
}

let signingIn: Promise<void> | undefined;

/** After `refused` was not taken: another token, of the same buyer. Null: there is none to be had. */
export async function signInAnew(role: Role, refused: Identity): Promise<Identity | null> {
  const kept = readKept(role);
  // Another call, or another tab, has one already.
  if (kept?.buyer === refused.buyer && kept.token !== refused.token) {
    identity.value = kept;
  } else {
    signingIn ??= askForToken(role, refused).finally(() => {
      signingIn = undefined;
    });
    await signingIn;
  }
  const { value: one } = identity;
  return one?.buyer === refused.buyer && one.token !== refused.token ? one : null;
}

async function askForToken(role: Role, kept: Identity | null): Promise<void> {
  try {
    // The same buyer again, whose orders they are.
    const body = { role, minutes: 1440, ...(kept && { buyer: kept.buyer }) };
    const { body: given } = await callApi<{ token: string; buyer: string; expiresAt: string }>('/demo/tokens', {
      method: 'POST',
      body,
    });
    keep(role, { token: given.token, buyer: given.buyer, expiresAtMs: Date.parse(given.expiresAt) });
  } catch (error) {
    signInError.value = error instanceof ApiError && error.status === 404 ? 'token_needed' : 'unavailable';
  }
}

/** Takes a token that somebody has. Returns whether it is one. What it may do, the API decides. */
export function takeToken(role: Role, token: string): boolean {
  try {
    const payload = JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')));
    if (typeof payload.sub !== 'string' || typeof payload.exp !== 'number') return false;
    keep(role, { token, buyer: payload.sub, expiresAtMs: payload.exp * 1000 });
    return true;
  } catch {
    return false;
  }
}

export function signOut(role: Role): void {
  localStorage.removeItem(keyOf(role));
  identity.value = null;
}

function keep(role: Role, one: Identity): void {
  localStorage.setItem(keyOf(role), JSON.stringify(one));
  signInError.value = null;
  identity.value = one;
}

function readKept(role: Role): Identity | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(role)) ?? 'null');
  } catch {
    return null;
  }
}
