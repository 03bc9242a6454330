import { type Static, Type } from 'typebox';
import { ORDER_STATES } from '../../db/orders/order-states.ts';
import { REFERENCE_PATTERN } from '../../proto/messages/order-details.ts';
import { readTime } from '../../proto/settings/read-time.ts';

const STATES = ORDER_STATES.join('|');

/** Filters of a list of orders. */
export const orderFilters = Type.Object({
  state: Type.Optional(
    Type.String({
      pattern: `^(${STATES})(,(${STATES}))*$`,
      maxLength: 200,
      description: 'Only orders in these states, comma-separated',
      examples: ['awaiting_payment,paid'],
    }),
  ),
  reference: Type.Optional(
    Type.String({ pattern: REFERENCE_PATTERN, description: 'Only orders with this reference', examples: ['cart-17'] }),
  ),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Only orders decided from this time on' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Only orders decided before this time' })),
});

export const FILTERED_PAGES =
  'With a filter, a page looks at 5,000 orders at most: it may be short, or empty, and still have a `nextCursor`.';

/** The filters as a part of SearchOrdersRequest. */
export function readFilters({ state, reference = '', from, to }: Static<typeof orderFilters>) {
  const [fromMs, untilMs] = [from, to].map((time) => (time === undefined ? null : readTime(time)));
  return { reference, states: state?.split(',') ?? [], ...(fromMs && { fromMs }), ...(untilMs && { untilMs }) };
}
