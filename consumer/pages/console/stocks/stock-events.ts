import { effect, signal } from '@preact/signals';
import { callApi } from '../../call-api.ts';
import type { Stock, StockState } from '../../stock.ts';

/** The chosen stock as it sells. */
export type StockEvent = {
  sid: number;
  state: StockState;
  left: number;
  count: number;
  sold: number;
  ordersPerSecond: number;
};

/** The stock that is looked at. */
export const chosenSid = signal<number | null>(null);
/** Chosen for the live figures by a person; null: they follow the sale that has traffic. */
export const pinnedSid = signal<number | null>(null);
export const stockEvent = signal<StockEvent | null>(null);

const READ_EVERY_MS = 1000;

/** Looks at a stock anywhere but in the live figures, which look at it too where they are pinned. */
export function chooseStock(sid: number): void {
  chosenSid.value = sid;
  if (pinnedSid.value !== null) pinnedSid.value = sid;
}

/** Null: the live figures follow the traffic. */
export function pinStock(sid: number | null): void {
  pinnedSid.value = sid;
  if (sid !== null) chosenSid.value = sid;
}

/** Follows the chosen stock. `onChange` is called when it is another one. */
export function followChosenStock(onChange: () => void): void {
  effect(() => {
    const sid = chosenSid.value;
    stockEvent.value = null;
    onChange();
    return sid === null ? undefined : readStockAgain(sid);
  });
}

/**
 * Once a second. Not as a stream: over HTTP/1.1 a browser has six connections to a host for all its windows, and each stream takes one.
 */
function readStockAgain(sid: number): () => void {
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
  const readOn = async () => {
    // What cannot be read just now stays as it was.
    await readOnce().catch(() => undefined);
    if (!isOver) timer = setTimeout(() => void readOn(), READ_EVERY_MS);
  };
  void readOn();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
