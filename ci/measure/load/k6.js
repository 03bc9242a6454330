// The flash sale for k6: buyers arrive at a constant rate, however long the responses take. See README.md.
import { check } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { judgeOrder, judgeStock } from './judge-answer.js';

const url = __ENV.BASE_URL || 'http://127.0.0.1:8080';
const sid = Number(__ENV.SID);
/** Orders and stock reads per second. */
const rate = Number(__ENV.RATE || 200);
const readRate = Number(__ENV.READ_RATE || 100);
const seconds = Number(__ENV.SECONDS || 30);
const p99Ms = Number(__ENV.P99_MS || 2000);
if (!(sid > 0)) throw new Error('set SID to the stock to sell; see README.md');
const file = __ENV.TOKENS;
if (!file) throw new Error('set TOKENS to the absolute path of the file of tokens; see README.md');

// Read once for all virtual users. Each buyer sends one order.
const tokens = new SharedArray('tokens', () => open(file).trim().split('\n'));
if (tokens.length <= rate * seconds)
  throw new Error(`${tokens.length} buyers are not enough for ${rate * seconds} orders`);

/** The limit of nginx, which bounds the requests in flight. */
const ANSWER_SECONDS = 5;
const arrivals = (/** @type {number} */ perSecond) => ({
  executor: /** @type {const} */ ('constant-arrival-rate'),
  rate: perSecond,
  timeUnit: '1s',
  duration: `${seconds}s`,
  gracefulStop: '10s',
  preAllocatedVUs: perSecond,
  maxVUs: perSecond * ANSWER_SECONDS,
});

/** @type {import('k6/options').Options} */
export const options = {
  scenarios: {
    orders: { ...arrivals(rate), exec: 'order' },
    reads: { ...arrivals(readRate), exec: 'read' },
  },
  thresholds: {
    // No wrong response, and no dropped iteration.
    checks: ['rate==1'],
    dropped_iterations: ['count==0'],
    'http_req_duration{name:order}': [`p(99)<${p99Ms}`],
    'http_req_duration{name:read}': [`p(99)<${p99Ms}`],
  },
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
};

// These statuses can be right; the checks decide.
http.setResponseCallback(http.expectedStatuses(200, 201, 202, 410, 429, 503));

const counters = {
  confirmed: new Counter('orders_confirmed'),
  pending: new Counter('orders_pending'),
  soldOut: new Counter('orders_sold_out'),
  rejected: new Counter('orders_rejected'),
};

/** @param {import('k6/http').RefinedResponse<'text'>} response */
function toAnswer({ status, headers, body }) {
  const names = Object.keys(headers);
  const header = (/** @type {string} */ name) => headers[names.find((actual) => actual.toLowerCase() === name) ?? ''];
  return { status, header, body: body ?? '' };
}

let hasLogged = false;

/** @param {string | undefined} wrong */
function logFirst(wrong) {
  if (wrong === undefined || hasLogged) return;
  hasLogged = true;
  console.error(wrong);
}

export function order() {
  const index = exec.scenario.iterationInTest;
  const headers = {
    Authorization: `Bearer ${tokens[index]}`,
    'Idempotency-Key': `"load-${index}"`,
    'Idempotency-Attempt': '1',
  };
  const params = { headers, tags: { name: 'order' }, timeout: '8s', responseType: /** @type {const} */ ('text') };
  const judged = judgeOrder(toAnswer(http.post(`${url}/api/v1/stocks/${sid}/orders`, null, params)), sid);
  check(judged, { 'the response to an order is right': (result) => 'outcome' in result });
  if ('outcome' in judged) counters[judged.outcome].add(1);
  else logFirst(judged.wrong);
}

export function read() {
  const params = { tags: { name: 'read' }, timeout: '8s', responseType: /** @type {const} */ ('text') };
  const wrong = judgeStock(toAnswer(http.get(`${url}/api/v1/stocks/${sid}`, params)), sid);
  check({ wrong }, { 'the response to a stock read is right': (result) => result.wrong === undefined });
  logFirst(wrong);
}
