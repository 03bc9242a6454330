/**
 * Everything that can go wrong for a caller, in one table: what the code means is also what docs/problems.md says of it.
 * A code is for ever. 5xx only where something of ours failed.
 */
export const problems = {
  bad_request: { status: 400, title: 'The request cannot be read', meaning: 'It is not HTTP or JSON as it should be.' },
  invalid_request: {
    status: 400,
    title: 'The request breaks the contract',
    meaning: '`errors` lists each field, where it is, and what is wrong with it; unknown fields are refused too.',
  },
  invalid_idempotency_key: {
    status: 400,
    title: 'The Idempotency-Key cannot be used',
    meaning: 'It is a quoted string of 1 to 200 visible ASCII characters, such as `"8e03978e-40d5"`.',
  },
  unauthorized: {
    status: 401,
    title: 'A valid token is needed',
    meaning: 'Send `Authorization: Bearer TOKEN`. The token is missing, expired, or not one of ours.',
  },
  invalid_signature: {
    status: 401,
    title: 'The signature does not fit',
    meaning: 'A webhook was not signed with the shared secret, or too long ago.',
  },
  forbidden: { status: 403, title: 'Not allowed', meaning: 'The token lacks the role that this call needs.' },
  not_open: {
    status: 403,
    title: 'The sale is not open yet',
    meaning:
      '`opensAt` says when it opens. The same request may be sent again then; with `orderNo` the refusal is final and a new try takes a new key.',
  },
  paused: {
    status: 403,
    title: 'The sale is paused',
    meaning:
      'An administrator has stopped it for now. With `orderNo` the refusal is final and a new try takes a new key.',
  },
  closed: { status: 403, title: 'The sale is closed', meaning: 'Its time is over.' },
  not_found: { status: 404, title: 'There is no such address', meaning: 'No call has this path.' },
  stock_not_found: { status: 404, title: 'There is no such stock', meaning: 'Or it is not sold by this API.' },
  order_not_found: {
    status: 404,
    title: 'There is no such order',
    meaning: 'Or it is another buyer’s, which looks the same on purpose.',
  },
  experiment_not_found: {
    status: 404,
    title: 'There is no such experiment',
    meaning: 'It never was, or is no longer kept.',
  },
  audit_not_found: {
    status: 404,
    title: 'There is no such audit',
    meaning: 'The stock was not audited, or so long ago that it is no longer kept.',
  },
  payment_not_found: { status: 404, title: 'There is no such payment', meaning: 'No payment has this id.' },
  method_not_allowed: {
    status: 405,
    title: 'The address has no such method',
    meaning: 'The header `Allow` lists the methods that it has.',
  },
  not_acceptable: { status: 406, title: 'Not in that form', meaning: 'The header `Accept` asks for no form there is.' },
  conflict: { status: 409, title: 'It does not fit what there is', meaning: '`detail` says why. Nothing was changed.' },
  stock_exists: { status: 409, title: 'The stock exists', meaning: 'Another stock has the id that was asked for.' },
  units_sold: {
    status: 409,
    title: 'Those units are sold',
    meaning: 'More units would be taken away than are left. Nothing was changed.',
  },
  stock_has_orders: {
    status: 409,
    title: 'The stock has orders',
    meaning: 'Only a stock without orders, refused ones included, can be removed. This one can be hidden.',
  },
  wrong_state: {
    status: 409,
    title: 'The order’s state does not allow it',
    meaning: '`state` says what has become of the order.',
  },
  price_above_max: {
    status: 409,
    title: 'The price is above your limit',
    meaning: 'The price is higher than `maxPriceCents`. Nothing was taken. A new try takes a new key.',
  },
  sold_out: {
    status: 410,
    title: 'Sold out',
    meaning: 'No unit is left. An order that the buyer has already is under `GET /api/v1/orders`.',
  },
  body_too_large: { status: 413, title: 'The body is too large', meaning: '64 KiB are taken.' },
  unsupported_media_type: { status: 415, title: 'Not that kind of body', meaning: 'Send `application/json`.' },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    meaning: '`Retry-After` says after how many seconds to try again.',
  },
  headers_too_large: { status: 431, title: 'The headers are too large', meaning: '16 KiB are taken.' },
  internal: {
    status: 500,
    title: 'Something of ours is broken',
    meaning: 'Our log has the reason under `requestId`.',
  },
  busy: {
    status: 503,
    title: 'Too much to do',
    meaning:
      'Nothing was written. Try again after `Retry-After`, with the same Idempotency-Key and the same `Idempotency-Attempt`.',
  },
  unavailable: {
    status: 503,
    title: 'Cannot answer now',
    meaning:
      'Something needed does not answer. Try again after `Retry-After`, with the same Idempotency-Key and a higher `Idempotency-Attempt`: the order may have been taken.',
  },
} as const satisfies Record<string, { status: number; title: string; meaning: string }>;

export type ProblemCode = keyof typeof problems;

/**
 * What a route throws to answer with a problem (RFC 9457). `extra` are further members. `{ requestId: undefined }` makes an
 * answer that names no request, so that a cache may give it to others.
 */
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
