import { CONFIRMED_ORDER_STATES } from '../../../../db/orders/order-states.ts';
import type { Fields } from '../servers/database/evaluate-expression.ts';

const CONFIRMED = new Set<string>(CONFIRMED_ORDER_STATES);

/** The types of the events that a change of a draw's row has. */
export function eventsOfDrawChange(before: Fields | null, after: Fields): string[] {
  const state = String(after.state);
  const types = before && before.state !== state && (state === 'stated' || state === 'drawn') ? [state] : [];
  return after.ended_at !== null && before?.ended_at === null ? [...types, 'line_ended'] : types;
}

/** The types of the events that a change of an order's row has. A ladder order has none. */
export function eventsOfChange(before: Fields | null, after: Fields): string[] {
  const state = String(after.state);
  if (after.order_no === after.buyer || !CONFIRMED.has(state) || before?.state === state) return [];
  const isOffer = after.decided_by === 'offer';
  const types = before ? [] : isOffer ? ['confirmed', 'offer_made'] : ['confirmed'];
  if (isOffer && state === 'expired') types.push('offer_expired');
  return state === 'awaiting_payment' ? types : [...types, state];
}
