// The decisions on an order and the states of its row. The mapping between the two is the table REFUSAL_STATES.

export const DECISIONS = [
  'CONFIRMED',
  'DUPLICATE',
  'SOLD_OUT',
  'PAUSED',
  'NOT_OPEN',
  'CLOSED',
  'PRICE_ABOVE_MAX',
  'QUANTITY_ABOVE_MAX',
  'ENTRY_REQUIRED',
] as const;
export type Decision = (typeof DECISIONS)[number];

/** Refusals by the stock's window, pause, price, limit of units or way of selling at one moment. An administrator can change them. */
export const TERMS_REFUSALS = [
  'PAUSED',
  'NOT_OPEN',
  'CLOSED',
  'PRICE_ABOVE_MAX',
  'QUANTITY_ABOVE_MAX',
  'ENTRY_REQUIRED',
] as const satisfies Decision[];

/** The states of an order that was decided CONFIRMED. */
export const CONFIRMED_ORDER_STATES = ['awaiting_payment', 'paid', 'refunded', 'expired', 'cancelled'] as const;

/** The state of a refused order. It never changes. */
const REFUSAL_STATES = {
  SOLD_OUT: 'sold_out',
  DUPLICATE: 'duplicate',
  PAUSED: 'paused',
  NOT_OPEN: 'not_open',
  CLOSED: 'closed',
  PRICE_ABOVE_MAX: 'price_above_max',
  QUANTITY_ABOVE_MAX: 'quantity_above_max',
  ENTRY_REQUIRED: 'entry_required',
} as const satisfies Record<Exclude<Decision, 'CONFIRMED'>, string>;

export type OrderState = (typeof CONFIRMED_ORDER_STATES)[number] | (typeof REFUSAL_STATES)[keyof typeof REFUSAL_STATES];
export const ORDER_STATES: readonly OrderState[] = [...CONFIRMED_ORDER_STATES, ...Object.values(REFUSAL_STATES)];

const DECISION_OF = Object.fromEntries([
  ...CONFIRMED_ORDER_STATES.map((state) => [state, 'CONFIRMED']),
  ...Object.entries(REFUSAL_STATES).map(([decision, state]) => [state, decision]),
]) as Record<OrderState, Decision>;

/** The state of a new row. A free order needs no payment. */
export function firstState(decision: Decision, isFree: boolean): OrderState {
  if (decision !== 'CONFIRMED') return REFUSAL_STATES[decision];
  return isFree ? 'paid' : 'awaiting_payment';
}

/** The decision on an order, whatever its state became since. */
export function decisionOf(state: OrderState): Decision {
  return DECISION_OF[state];
}

export function isTermsRefusal(decision: Decision): boolean {
  return (TERMS_REFUSALS as readonly Decision[]).includes(decision);
}

/** The same groups of states as lists in SQL. */
export const CONFIRMED_STATES = sqlList(CONFIRMED_ORDER_STATES);
export const TERMS_STATES = sqlList(ORDER_STATES.filter((state) => isTermsRefusal(decisionOf(state))));
export const ALL_STATES = sqlList(ORDER_STATES);

function sqlList(values: readonly string[]): string {
  return `(${values.map((value) => `'${value}'`).join(', ')})`;
}
