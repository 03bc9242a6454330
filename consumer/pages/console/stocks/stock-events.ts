import { effect, signal } from '@preact/signals';
import { callApi } from '../../call-api.ts';
import type { Stock } from '../../stock.ts';

/** The chosen stock, read once a second. */
export type StockEvent = Pick<Stock, 'sid' | 'state' | 'left' | 'count' | 'sold'> & { ordersPerSecond: number };

export const chosenSid = signal<string | null>(null);
/** The stock that a person chose for the live figures; null: they follow the sale with traffic. */
export const pinnedSid = signal<string | null>(null);
export const stockEvent = signal<StockEvent | null>(null);

const READ_EVERY_MS = 1000;

/** Chooses a stock outside the live figures. If they are pinned, they show it too. */
export function chooseStock(sid: string): void {
  chosenSid.value = sid;
  if (pinnedSid.value !== null) pinnedSid.value = sid;
}

/** Pins the live figures to a stock; null: they follow the traffic. */
export function pinStock(sid: string | null): void {
  pinnedSid.value = sid;
  if (sid !== null) chosenSid.value = sid;
}

/** Reads the chosen stock repeatedly. `onChange` is called when another one is chosen. */
export function followChosenStock(onChange: () => void): void {
  effect(() => {
    const sid = chosenSid.value;
    stockEvent.value = null;
    onChange();
    return sid === null ? undefined : pollStock(sid);
  });
}

/** Once a second. Not by a stream, which would use one of the six connections that a browser opens to a host over HTTP/1.1. */
function pollStock(sid: string): () => void {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: { sold: number; atMs: number } | undefined;
  const readOnce = async () => {
    const { state, left, count, sold } = (await callApi<Stock>(`/stocks/${sid}`)).body;
    if (isOver) return;
    const atMs = performance.now();
    const ordersPerSecond = last ? Math.max(0, ((sold - last.sold) * 1000) / (atMs - last.atMs)) : 0;
    last = { sold, atMs };
    stockEvent.value = { sid, state, left, count, sold, ordersPerSecond };
  };
  const readForever = async () => {
    // After a failure the last event stays.
    await readOnce().catch(() => undefined);
    if (!isOver) timer = setTimeout(() => void readForever(), READ_EVERY_MS);
  };
  void readForever();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
