import { effect, signal } from '@preact/signals';
import { readEvents } from '../read-events.ts';
import type { StockState } from '../stock.ts';

/** What `GET /stocks/{sid}/events` says of the chosen stock. */
export type StockEvent = {
  sid: number;
  state: StockState;
  left: number;
  count: number;
  sold: number;
  ordersPerSecond: number;
  opensAt: string | null;
  closesAt: string | null;
};

/** The stock that is looked at. */
export const chosenSid = signal<number | null>(null);
export const stockEvent = signal<StockEvent | null>(null);

/** Follows the chosen stock. `onChange` is called when it is another one. */
export function followChosenStock(onChange: () => void): void {
  effect(() => {
    const sid = chosenSid.value;
    stockEvent.value = null;
    onChange();
    if (sid === null) return;
    return readEvents({
      path: `/stocks/${sid}/events`,
      onEvent: (event, data) => {
        if (event === 'stock') stockEvent.value = data as StockEvent;
      },
    });
  });
}
