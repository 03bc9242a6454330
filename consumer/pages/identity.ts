import { signal } from '@preact/signals';
import { ApiError, callApi } from './call-api.ts';
import { storage } from './keep-storage.ts';

export type Role = 'buyer' | 'admin';
export type Identity = {
  token: string;
  buyer: string;
  /** By the server's clock. Never judged here: a token is sent, and replaced when the API refuses it. */
  expiresAtMs: number;
};

/** Who uses the page; null: nobody yet. */
export const identity = signal<Identity | null>(null);
/** Why nobody is signed in: this shop gives no demo tokens, or could not be asked. */
export const signInError = signal<'token_needed' | 'unavailable' | null>(null);

const keyOf = (role: Role) => `flash-sale.${role}`;

/** A token kept from before or, where the shop is a demonstration, a new one. A shop of its own puts its token there (docs). */
export async function signIn(role: Role): Promise<void> {
  const kept = readKept(role);
  if (kept) {
    signInError.value = null;
    identity.value = kept;
    return;
  }
  await askOnce(role, null);
}

/** After `refused` was not taken: another token, of the same buyer. Null: there is none to be had. */
export async function signInAnew(role: Role, refused: Identity): Promise<Identity | null> {
  const kept = readKept(role);
  // Another call, or another tab, has one already.
  if (kept?.buyer === refused.buyer && kept.token !== refused.token) {
    identity.value = kept;
  } else {
    await askOnce(role, refused);
  }
  const { value: one } = identity;
  return one?.buyer === refused.buyer && one.token !== refused.token ? one : null;
}

let asking: Promise<void> | undefined;

/** One question at a time, however many want to know: each answer may be another buyer. */
function askOnce(role: Role, kept: Identity | null): Promise<void> {
  asking ??= askForToken(role, kept).finally(() => {
    asking = undefined;
  });
  return asking;
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
  storage.removeItem(keyOf(role));
  identity.value = null;
}

function keep(role: Role, one: Identity): void {
  storage.setItem(keyOf(role), JSON.stringify(one));
  signInError.value = null;
  identity.value = one;
}

function readKept(role: Role): Identity | null {
  try {
    const kept = JSON.parse(storage.getItem(keyOf(role)) ?? 'null');
    return typeof kept?.token === 'string' && typeof kept.buyer === 'string' ? kept : null;
  } catch {
    return null;
  }
}
