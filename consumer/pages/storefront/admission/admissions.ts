import { type Signal, signal } from '@preact/signals';
import type { Challenge } from 'altcha-lib';
import { identity } from '../../identity.ts';
import { storage } from '../../keep-storage.ts';
import { serverNowMs } from '../../server-clock.ts';
import type { Stock } from '../../stock.ts';
import { callAsBuyer } from '../orders/my-orders.ts';
import { announcement } from '../parts/announcement.ts';
import { onStock } from '../stocks/stocks.ts';
import { solveChallenge } from './solve-challenge.ts';

// The buyer's admission tokens: the challenge of a stock is solved before its opening, and the token is kept over a reload.

/** `none`: nothing is needed, or it is too early. */
export type Admission = 'none' | 'preparing' | 'ready' | 'failed';

type Kept = { token: string; opensAt: string | null; expiresAt: string };
type Asked = { needed: boolean; from: string | null; challenge: Challenge | null };

const AGAIN_MS = 20_000;

const admissions = new Map<string, Signal<Admission>>();
/** When a challenge may be asked for (again), by the server's clock; by buyer and stock. */
const notBefore = new Map<string, number>();
/** One challenge at a time: the buyer and stock. */
let running: string | null = null;

export function admissionOf(sid: string): Signal<Admission> {
  let admission = admissions.get(sid);
  if (!admission) {
    admission = signal<Admission>('none');
    admissions.set(sid, admission);
  }
  return admission;
}

/** The token to send with an order of this buyer. */
export function admissionTokenOf(buyer: string, sid: string): string | undefined {
  return readKept(buyer, sid)?.token;
}

/** The API refused the token, or there was none: a new challenge is solved. */
export function forgetAdmission(buyer: string, sid: string): void {
  storage.removeItem(nameOf(buyer, sid));
  notBefore.delete(nameOf(buyer, sid));
  admissionOf(sid).value = 'none';
}

async function prepare({ sid, opensAt, state, needsAdmission }: Stock): Promise<void> {
  const buyer = identity.value?.buyer;
  if (!needsAdmission || buyer === undefined || (state !== 'upcoming' && state !== 'open')) return;
  const kept = readKept(buyer, sid);
  if (kept && kept.opensAt === opensAt && Date.parse(kept.expiresAt) > serverNowMs()) {
    admissionOf(sid).value = 'ready';
    return;
  }
  if (running !== null || serverNowMs() < (notBefore.get(nameOf(buyer, sid)) ?? 0)) return;
  running = nameOf(buyer, sid);
  try {
    await solve(buyer, sid, opensAt);
  } catch {
    notBefore.set(nameOf(buyer, sid), serverNowMs() + AGAIN_MS);
    set(sid, 'failed');
  } finally {
    running = null;
  }
}

async function solve(buyer: string, sid: string, opensAt: string | null): Promise<void> {
  const path = `/stocks/${sid}/admission`;
  const { body: asked } = await callAsBuyer<Asked>(path);
  if (!asked.needed) {
    notBefore.set(nameOf(buyer, sid), Number.POSITIVE_INFINITY);
    set(sid, 'none');
    return;
  }
  if (asked.challenge === null) {
    // Not all pages at the same moment.
    const fromMs = Date.parse(asked.from ?? '');
    notBefore.set(nameOf(buyer, sid), fromMs + (Math.random() * (Date.parse(opensAt ?? '') - fromMs)) / 2);
    return;
  }
  set(sid, 'preparing');
  const { challenge } = asked;
  const solution = await solveChallenge(challenge);
  const body = { challenge, solution };
  const { body: given } = await callAsBuyer<Omit<Kept, 'opensAt'>>(path, { method: 'POST', body });
  storage.setItem(nameOf(buyer, sid), JSON.stringify({ token: given.token, expiresAt: given.expiresAt, opensAt }));
  if (identity.value?.buyer === buyer) set(sid, 'ready');
}

function set(sid: string, next: Admission): void {
  const admission = admissionOf(sid);
  if (admission.value === next) return;
  admission.value = next;
  if (next === 'preparing') announcement.value = { sid, text: 'saysPreparing' };
  else if (next === 'ready') announcement.value = { sid, text: 'saysReady' };
  else if (next === 'failed') announcement.value = { sid, text: 'saysNotPrepared' };
}

function nameOf(buyer: string, sid: string): string {
  return `flash-sale.admission ${sid} ${buyer}`;
}

function readKept(buyer: string, sid: string): Kept | null {
  try {
    return JSON.parse(storage.getItem(nameOf(buyer, sid)) ?? 'null');
  } catch {
    return null;
  }
}

onStock((stock) => void prepare(stock));
