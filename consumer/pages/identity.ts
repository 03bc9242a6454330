import { signal } from '@preact/signals';
import { ApiError, callApi } from './call-api.ts';
import { storage } from './keep-storage.ts';

export type Role = 'buyer' | 'admin';
export type Identity = {
  token: string;
  buyer: string;
  /** By the server's clock. Not checked here: a token is sent, and replaced when the API refuses it. */
  expiresAtMs: number;
};

/** The signed-in user; null: not signed in. */
export const identity = signal<Identity | null>(null);
/** Why the sign-in failed: this shop has no demo tokens, or did not answer. */
export const signInError = signal<'token_needed' | 'unavailable' | null>(null);

const keyOf = (role: Role) => `flash-sale.${role}`;

/** Uses the stored token, or requests a demo token. A shop with its own sign-in stores its token before (docs). */
export async function signIn(role: Role): Promise<void> {
  const kept = readKept(role);
  if (kept) {
    signInError.value = null;
    identity.value = kept;
    return;
  }
  await requestTokenOnce(role, null);
}

/** After the API refused a token: another one of the same buyer, or null. */
export async function replaceToken(role: Role, refused: Identity): Promise<Identity | null> {
  const kept = readKept(role);
  // Another call or tab may have replaced it already.
  if (kept?.buyer === refused.buyer && kept.token !== refused.token) {
    identity.value = kept;
  } else {
    await requestTokenOnce(role, refused);
  }
  const { value: current } = identity;
  return current?.buyer === refused.buyer && current.token !== refused.token ? current : null;
}

let requesting: Promise<void> | undefined;

/** One request at a time: each answer may name another buyer. */
function requestTokenOnce(role: Role, kept: Identity | null): Promise<void> {
  requesting ??= requestToken(role, kept).finally(() => {
    requesting = undefined;
  });
  return requesting;
}

async function requestToken(role: Role, kept: Identity | null): Promise<void> {
  try {
    // For the same buyer, who owns the orders.
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

/** Uses a token that the user pasted. Returns whether it has the form of a token. */
export function acceptToken(role: Role, token: string): boolean {
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
  storage.removeItem(keyOf(role));
  identity.value = null;
}

function keep(role: Role, user: Identity): void {
  storage.setItem(keyOf(role), JSON.stringify(user));
  signInError.value = null;
  identity.value = user;
}

function readKept(role: Role): Identity | null {
  try {
    const kept = JSON.parse(storage.getItem(keyOf(role)) ?? 'null');
    return typeof kept?.token === 'string' && typeof kept.buyer === 'string' ? kept : null;
  } catch {
    return null;
  }
}
