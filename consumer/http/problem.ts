/**
 * All problems of the API, in one table: `meaning` is the default detail, and the text of docs/problems.md. Codes are stable. 5xx is for
 * failures of this system only.
 */
export const problems = {
  bad_request: { status: 400, title: 'Malformed request', meaning: 'The request is not valid HTTP or JSON.' },
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    meaning: '`errors` lists each invalid field with its location and the reason. Unknown fields are invalid.',
  },
  invalid_idempotency_key: {
    status: 400,
    title: 'Invalid Idempotency-Key',
    meaning: 'The key must be a quoted string of 1 to 200 visible ASCII characters, such as `"8e03978e-40d5"`.',
  },
  unauthorized: {
    status: 401,
    title: 'Missing or invalid token',
    meaning: 'The token is missing, expired or invalid. Send `Authorization: Bearer TOKEN`.',
  },
  invalid_signature: {
    status: 401,
    title: 'Invalid signature',
    meaning: 'The webhook is not signed with the shared secret, or its timestamp is too old.',
  },
  forbidden: { status: 403, title: 'Permission denied', meaning: 'The token lacks the role that this call needs.' },
  admission_required: {
    status: 403,
    title: 'Admission token needed',
    meaning:
      'An order of this stock needs a valid `Admission-Token` of this buyer, stock and opening: `GET /api/v1/stocks/{sid}/admission`. Nothing was written: the same request may be sent again with one.',
  },
  claim_required: {
    status: 403,
    title: 'Claim needed',
    meaning: 'The token lacks what the shop requires of buyers: `claim` names it. Nothing was written.',
  },
  risk_denied: {
    status: 403,
    title: 'Not accepted',
    meaning: 'The shop does not accept this order or entry. A buyer who thinks that this is wrong asks the shop.',
  },
  wrong_solution: {
    status: 422,
    title: 'Not a solution of your challenge',
    meaning:
      'The solution is wrong, or the challenge is of another buyer, stock or opening, or too old. Read a new challenge.',
  },
  not_open: {
    status: 409,
    title: 'Sale not open yet',
    meaning:
      '`opensAt` is the opening time. Without `orderNo`, send the same request again then. With `orderNo` the refusal is final: a new attempt needs a new key.',
  },
  paused: {
    status: 409,
    title: 'Sale paused',
    meaning:
      'An administrator has paused the sale. With `orderNo` the refusal is final: a new attempt needs a new key.',
  },
  closed: { status: 409, title: 'Sale closed', meaning: 'The sale has ended.' },
  not_found: { status: 404, title: 'Not found', meaning: 'No route has this path.' },
  stock_not_found: { status: 404, title: 'No such stock', meaning: 'No stock that this API sells has this id.' },
  order_not_found: { status: 404, title: 'No such order', meaning: 'This buyer has no order with this number.' },
  experiment_not_found: {
    status: 404,
    title: 'No such experiment',
    meaning: 'No experiment has this id, or it is no longer kept.',
  },
  audit_not_found: {
    status: 404,
    title: 'No such audit',
    meaning: 'The stock was never audited, or its audit is no longer kept.',
  },
  refund_not_found: { status: 404, title: 'No such refund', meaning: 'The order has no refund with this id.' },
  payment_not_found: { status: 404, title: 'No such payment', meaning: 'No payment has this id.' },
  webhook_not_found: { status: 404, title: 'No such webhook endpoint', meaning: 'No webhook endpoint has this id.' },
  delivery_not_found: {
    status: 404,
    title: 'No such delivery',
    meaning: 'No delivery of a webhook has this id, or it is no longer kept.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    meaning: 'The header `Allow` lists the methods of this path.',
  },
  not_acceptable: {
    status: 406,
    title: 'Not acceptable',
    meaning: 'No format of this resource matches the header `Accept`.',
  },
  conflict: {
    status: 409,
    title: 'Conflicts with the current state',
    meaning: '`detail` gives the reason. Nothing was changed.',
  },
  stock_exists: { status: 409, title: 'Stock already exists', meaning: 'Another stock has this id.' },
  units_sold: {
    status: 409,
    title: 'Units already sold',
    meaning: 'The change removes more units than are left. Nothing was changed.',
  },
  sale_started: {
    status: 409,
    title: 'Sale has started',
    meaning: '`maxPerOrder` cannot change: the sale has opened, or the stock has orders. Nothing was changed.',
  },
  stock_has_orders: {
    status: 409,
    title: 'Stock has orders',
    meaning: 'Only a stock without orders, including refused ones, can be removed. Hide it instead.',
  },
  wrong_state: {
    status: 409,
    title: 'Not possible in this order state',
    meaning: '`state` is the current state of the order.',
  },
  price_above_max: {
    status: 409,
    title: 'Price above your maximum',
    meaning: 'The price is higher than `maxPrice`. No unit was taken. A new attempt needs a new key.',
  },
  cooldown: {
    status: 409,
    title: 'Kept out after an order that was not paid',
    meaning:
      'An order of this buyer was cancelled or has expired. `until` is the time from which the buyer may order this stock again. Nothing was written: the same request may be sent again then.',
  },
  too_few_left: {
    status: 409,
    title: 'Too few units left',
    meaning:
      'The stock has `left` units, fewer than `quantity`. No unit was taken, and the order does not wait. With `orderNo` the refusal is final: a new attempt needs a new key.',
  },
  quantity_above_max: {
    status: 409,
    title: 'Quantity above the limit of an order',
    meaning: 'One order of this stock may have at most `maxPerOrder` units. No unit was taken.',
  },
  no_draw: {
    status: 404,
    title: 'No draw and no line',
    meaning:
      'Buyers cannot enter: the stock has no draw, and no line is open. A stock that is on sale is bought with an order.',
  },
  entry_not_found: {
    status: 404,
    title: 'No entry',
    meaning: 'This buyer has not entered the draw or the line of the stock.',
  },
  entries_not_open: {
    status: 409,
    title: 'Entries not open yet',
    meaning: 'Buyers may enter from `entriesOpenAt`. When they enter does not matter: there is no hurry.',
  },
  entries_closed: {
    status: 409,
    title: 'Entries closed',
    meaning: 'Buyers may not enter any more. `GET /api/v1/stocks/{sid}/draw` tells how the draw goes on.',
  },
  draw_pending: {
    status: 409,
    title: 'The places of the line are being drawn',
    meaning:
      'The entries of this line are closed, and its places are not drawn yet. Enter again after `Retry-After`: you get the next place behind them.',
  },
  not_stated: {
    status: 404,
    title: 'No public file yet',
    meaning:
      'The public file of a draw exists from its statement on, some minutes after entries close. A void attempt has none.',
  },
  entry_required: {
    status: 409,
    title: 'Units go to offers',
    meaning:
      'Units of this stock are offered to those who entered its draw or its line, one after the other. No unit was taken. Enter with `POST /api/v1/stocks/{sid}/entry`.',
  },
  sold_out: {
    status: 410,
    title: 'Sold out',
    meaning:
      'No unit is left. `GET /api/v1/orders` lists the orders that the buyer already has. With `"line": "open"` the buyer may join the line for units that return: `POST /api/v1/stocks/{sid}/entry`.',
  },
  idempotency_key_in_use: {
    status: 409,
    title: 'Request is being handled',
    meaning: 'The first request with this Idempotency-Key has not ended. Send it again after `Retry-After`.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Idempotency-Key of another request',
    meaning: 'The key was used with another method, path or body. Nothing was changed: send a new key.',
  },
  version_mismatch: {
    status: 412,
    title: 'Version changed',
    meaning: 'The resource has another version than `If-Match` names. Nothing was changed: read it again.',
  },
  body_too_large: { status: 413, title: 'Body too large', meaning: 'The maximum is 64 KiB.' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type', meaning: 'Send `application/json`.' },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    meaning: 'Try again after the number of seconds in `Retry-After`.',
  },
  headers_too_large: { status: 431, title: 'Headers too large', meaning: 'The maximum is 16 KiB.' },
  internal: {
    status: 500,
    title: 'Internal error',
    meaning: 'The request failed unexpectedly. The log has the cause under `requestId`.',
  },
  busy: {
    status: 503,
    title: 'Overloaded',
    meaning:
      'Nothing was written. Try again after `Retry-After`, with the same Idempotency-Key and the same `Idempotency-Attempt`.',
  },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    meaning:
      'A dependency does not answer. Try again after `Retry-After`, with the same Idempotency-Key and a higher `Idempotency-Attempt`: the order may have been taken.',
  },
} as const satisfies Record<string, { status: number; title: string; meaning: string }>;

export type ProblemCode = keyof typeof problems;

/** What a route throws to answer with a problem (RFC 9457). `extra`: further members of its JSON. */
export class Problem extends Error {
  override name = 'Problem';
  readonly code: ProblemCode;
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;
  constructor(
    code: ProblemCode,
    detail: string = problems[code].meaning,
    extra: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(detail);
    this.code = code;
    this.extra = extra;
    this.headers = headers;
  }
}

export type ProblemBody = {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  instance?: string;
  requestId?: string;
} & Record<string, unknown>;

/** The JSON of a problem. */
export function problemBody(problem: Problem, where: { instance?: string; requestId?: string }): ProblemBody {
  const { status, title } = problems[problem.code];
  const { code, message: detail, extra } = problem;
  return { type: `/problems/${code}`, title, status, code, detail, ...where, ...extra };
}

/** A field of the body that the schema cannot judge alone. */
export function invalidField(field: string, message: string): Problem {
  return new Problem('invalid_request', `body ${field}: ${message}`, { errors: [{ in: 'body', field, message }] });
}

export function tooManyRequests(waitMs: number, headers: Record<string, string> = {}): Problem {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new Problem('too_many_requests', undefined, {}, { ...headers, 'retry-after': String(seconds) });
}

/** The buyer is kept out of the stock for this time. */
export function coolingDown(leftMs: number): Problem {
  const until = new Date(Date.now() + leftMs).toISOString();
  return new Problem('cooldown', undefined, { until }, retryAfter(Math.ceil(leftMs / 1000)));
}

const RETRY_AFTER_MAX_SECONDS = 3;

/** By default random, so that clients that were refused together do not come again together. */
export function retryAfter(seconds = 1 + Math.floor(Math.random() * RETRY_AFTER_MAX_SECONDS)): {
  'retry-after': string;
} {
  return { 'retry-after': String(seconds) };
}
