import { toDecidedOrder } from '../../db/orders/decided-message.ts';
import { QueueFullError } from '../../proto/process/batcher.ts';
import { nullUnlessFault } from '../http/to-problem.ts';
import type { BuyAnswer } from './buy-answer.ts';
import type { PlacedBy, PlaceOrder } from './order-placer.ts';
import type { PendingOrders, PlacedOrderNo, ResendResult } from './pending-orders.ts';

export type SendDependencies = { placeOrder: PlaceOrder; pending: Pick<PendingOrders, 'keep'> };

/**
 * Sends the order, and once more as a repeat when the answer was lost: the first may have arrived. Null: the log has it, and the
 * decision follows.
 */
export async function sendOrder(
  { placeOrder, pending }: SendDependencies,
  order: PlacedOrderNo,
): Promise<BuyAnswer | null> {
  const first = await placeOrder({ ...order, repeat: false }).catch((error: unknown) =>
    error instanceof QueueFullError ? 'full' : nullUnlessFault(error),
  );
  if (first === 'full') return { kind: 'busy' };
  const placed = first ?? (await placeOrder({ ...order, repeat: true }).catch(() => null));
  // The log may have the first one: a refusal of the second is no answer for both.
  if (!first && placed?.placement.startsWith('REFUSED_')) return { kind: 'unavailable' };
  if (!placed) return { kind: 'unavailable' };
  if (placed.placement === 'APPENDED') pending.keep({ ...order, stampMs: placed.stampMs });
  return answerOfPlacement(placed);
}

/** Sends a pending order again. No filter refuses it: its buyer was promised a decision. */
export async function resendOrder(placeOrder: PlaceOrder, order: PlacedOrderNo): Promise<ResendResult> {
  const answer = answerOfPlacement(await placeOrder({ ...order, repeat: true, promised: true }));
  if (answer?.kind === 'decided') return { state: 'DECIDED', decided: answer.decided };
  const isFinal = answer?.kind === 'refused' && answer.refused === 'NO_SUCH_STOCK';
  return { state: isFinal ? 'REFUSED' : 'PENDING' };
}

/** The one place where a provider's placement becomes an answer of the order path. Null: appended, not decided yet. */
function answerOfPlacement(placed: PlacedBy): BuyAnswer | null {
  switch (placed.placement) {
    case 'APPENDED':
      return null;
    case 'DECIDED':
      return placed.decided ? { kind: 'decided', decided: toDecidedOrder(placed.decided) } : { kind: 'unavailable' };
    case 'REFUSED_NOT_OPEN':
      return { kind: 'refused', refused: 'NOT_OPEN', opensAtMs: placed.opensAtMs };
    case 'REFUSED_SOLD_OUT':
      return { kind: 'refused', refused: 'SOLD_OUT' };
    case 'REFUSED_TOO_FEW_LEFT':
      return { kind: 'refused', refused: 'TOO_FEW_LEFT', left: placed.left };
    case 'REFUSED_QUANTITY_ABOVE_MAX':
      return { kind: 'refused', refused: 'QUANTITY_ABOVE_MAX', maxPerOrder: placed.maxPerOrder };
    case 'REFUSED_ENTRY_REQUIRED':
      return { kind: 'refused', refused: 'ENTRY_REQUIRED' };
    case 'REFUSED_PAUSED':
      return { kind: 'refused', refused: 'PAUSED' };
    case 'REFUSED_CLOSED':
      return { kind: 'refused', refused: 'CLOSED' };
    case 'REFUSED_NO_SUCH_STOCK':
    case 'REFUSED_MISFIT':
      return { kind: 'refused', refused: 'NO_SUCH_STOCK' };
    case 'REFUSED_BUSY':
      return { kind: 'busy' };
    default:
      return { kind: 'unavailable' };
  }
}
