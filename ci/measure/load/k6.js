// The flash sale for k6: a crowd that comes at a constant rate, whatever the answers take. How to run it: README.md.
import { check } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { judgeOrder, judgeStock } from './judge-answer.js';

const url = __ENV.BASE_URL || 'http://127.0.0.1:8080';
const sid = Number(__ENV.SID);
/** Of orders and of stock reads, a second. */
const rate = Number(__ENV.RATE || 200);
const readRate = Number(__ENV.READ_RATE || 100);
const seconds = Number(__ENV.SECONDS || 30);
const p99Ms = Number(__ENV.P99_MS || 2000);
if (!(sid > 0)) throw new Error('SID is the stock to sell: see README.md');
const file = __ENV.TOKENS;
if (!file) throw new Error('TOKENS is the file of tokens, with its whole path: see README.md');

// Read once for all virtual users. Each buyer comes once.
const tokens = new SharedArray('tokens', () => open(file).trim().split('\n'));
if (tokens.length <= rate * seconds)
  throw new Error(`${tokens.length} buyers are not enough for ${rate * seconds} orders`);

/** nginx gives up after 5 s: more can never be under way. */
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
    // Not one wrong answer, and everybody came who was to come.
    checks: ['rate==1'],
    dropped_iterations: ['count==0'],
    'http_req_duration{name:order}': [`p(99)<${p99Ms}`],
    'http_req_duration{name:read}': [`p(99)<${p99Ms}`],
  },
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
};

// All of these may be right; the checks say whether they are.
http.setResponseCallback(http.expectedStatuses(200, 201, 202, 410, 429, 503));

const told = {
  confirmed: new Counter('orders_confirmed'),
  pending: new Counter('orders_pending'),
  soldOut: new Counter('orders_sold_out'),
  turnedAway: new Counter('orders_turned_away'),
};

/** @param {import('k6/http').RefinedResponse<'text'>} response */
function toAnswer({ status, headers, body }) {
  const names = Object.keys(headers);
  const header = (/** @type {string} */ name) => headers[names.find((one) => one.toLowerCase() === name) ?? ''];
  return { status, header, body: body ?? '' };
}

let hasComplained = false;

/** @param {string | undefined} wrong */
function complain(wrong) {
  if (wrong === undefined || hasComplained) return;
  hasComplained = true;
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
  check(judged, { 'an order has a right answer': (one) => 'verdict' in one });
  if ('verdict' in judged) told[judged.verdict].add(1);
  else complain(judged.wrong);
}

export function read() {
  const params = { tags: { name: 'read' }, timeout: '8s', responseType: /** @type {const} */ ('text') };
  const wrong = judgeStock(toAnswer(http.get(`${url}/api/v1/stocks/${sid}`, params)), sid);
  check({ wrong }, { 'a stock read has a right answer': (one) => one.wrong === undefined });
  complain(wrong);
}
