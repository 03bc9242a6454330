// Checks responses. Plain JavaScript without k6 and Node APIs, because the plan for k6 and the tests import it.

const ORDER_NO = /^[1-9]\d{0,15}-[0-9A-HJKMNP-TV-Z]{26}-[0-9A-HJKMNP-TV-Z]{10}$/;

/**
 * @typedef {object} Answer
 * @property {number} status 0: no response
 * @property {(name: string) => string | undefined} header by its lower-case name
 * @property {string} body
 */

/** @typedef {'confirmed' | 'pending' | 'soldOut' | 'rejected'} Outcome */

/**
 * The outcome of an order, or an error in the response.
 *
 * @param {Answer} answer
 * @param {number} sid
 * @returns {{ outcome: Outcome } | { wrong: string }}
 */
export function judgeOrder({ status, header, body }, sid) {
  const { orderNo, code } = readJson(body);
  switch (status) {
    case 200:
    case 201:
    case 202: {
      const isNumber = typeof orderNo === 'string' && ORDER_NO.test(orderNo) && orderNo.startsWith(`${sid}-`);
      if (!isNumber) return { wrong: `${status} without an order number of stock ${sid}: ${body}` };
      if (header('location') !== `/api/v1/orders/${orderNo}`) return { wrong: `${status} without its Location` };
      return { outcome: status === 202 ? 'pending' : 'confirmed' };
    }
    case 410:
      return code === 'sold_out' ? { outcome: 'soldOut' } : { wrong: `410 with code ${code}` };
    case 429:
    case 503:
      return /^[1-9]\d*$/.test(header('retry-after') ?? '')
        ? { outcome: 'rejected' }
        : { wrong: `${status} without Retry-After` };
    default:
      return { wrong: status === 0 ? 'no response' : `${status}: ${body}` };
  }
}

/**
 * An error in the response to a read of the stock; undefined: the response is right.
 *
 * @param {Answer} answer
 * @param {number} sid
 * @returns {string | undefined}
 */
export function judgeStock({ status, header, body }, sid) {
  if (status === 429 || status === 503) {
    return header('retry-after') === undefined ? `${status} without Retry-After` : undefined;
  }
  const { sid: returned, count, sold, left } = readJson(body);
  if (status !== 200 || returned !== String(sid)) return status === 0 ? 'no response' : `${status}: ${body}`;
  return sold + left === count && sold >= 0 && left >= 0 ? undefined : `${sold} sold and ${left} left of ${count}`;
}

/**
 * @param {string} body
 * @returns {Record<string, any>}
 */
function readJson(body) {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
