import { CONFIRMED_ORDER_STATES } from '../../../../db/orders/order-states.ts';
import type { Fields } from '../servers/database/evaluate-expression.ts';

const CONFIRMED = new Set<string>(CONFIRMED_ORDER_STATES);

/** The types of the events that a change of an order's row has. A ladder order has none. */
export function eventsOfChange(before: Fields | null, after: Fields): string[] {
  const state = String(after.state);
  if (after.order_no === after.buyer || !CONFIRMED.has(state) || before?.state === state) return [];
  const types = before ? [] : ['confirmed'];
  return state === 'awaiting_payment' ? types : [...types, state];
}
