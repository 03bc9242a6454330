import type { OrderState } from '../orders/order.ts';
import type { TextName } from '../parts/texts.ts';
import type { Purchase } from './describe-purchase.ts';

const OF_ORDER = {
  pending: 'saysInLine',
  awaiting_payment: 'saysHave',
  paid: 'saysPaid',
  expired: 'saysExpired',
  cancelled: 'saysCancelled',
  refunded: null,
  sold_out: null,
  duplicate: null,
  paused: null,
  not_open: null,
  closed: null,
  price_above_max: null,
  quantity_above_max: null,
  entry_required: null,
} as const satisfies Record<OrderState, TextName | null>;

/** The screen reader's announcement when a purchase changes: outcomes only, no countdown and no progress. */
export function describeNews(before: Purchase, after: Purchase): TextName | null {
  if (after.kind === 'order') {
    const isSame = before.kind === 'order' && before.order.state === after.order.state;
    const wasDeclined = before.kind === 'order' && before.payment === 'declined';
    if (after.payment === 'declined' && !wasDeclined) return 'saysDeclined';
    return isSame ? null : OF_ORDER[after.order.state];
  }
  if (after.kind === before.kind) return null;
  if (after.kind === 'given_up') return 'saysGivenUp';
  if (after.kind !== 'refused') return null;
  if (after.why === 'price_above_max') return 'saysPriceUp';
  if (after.why === 'too_few_left') return 'saysTooFew';
  if (after.why === 'cooldown') return 'saysCooldown';
  return after.why === 'sold_out' ? 'saysSoldOut' : 'saysRefused';
}
