import { buyUnit, type Click } from './buy-unit.ts';
import type { HttpClient } from './http-client.ts';
import { addOutcome, type ObservedHistory } from './observed-history.ts';
import type { BuyerPlan } from './plan-buyer.ts';

/** Sends one click of the buyer, or two at once with the same key, and adds the outcomes to the history. */
export async function runClicks(
  client: HttpClient,
  click: Click,
  { doubleClicks, abandonsAfterMs }: Pick<BuyerPlan, 'doubleClicks' | 'abandonsAfterMs'>,
  history: ObservedHistory,
  onConfirmed?: () => void,
): Promise<void> {
  const buy = async (abandonAfterMs: number | undefined) => {
    const outcome = await buyUnit(client, { ...click, abandonAfterMs });
    if (addOutcome(history, outcome)) onConfirmed?.();
  };
  await Promise.all(doubleClicks ? [buy(abandonsAfterMs), buy(undefined)] : [buy(abandonsAfterMs)]);
}
