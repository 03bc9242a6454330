import { readFileSync } from 'node:fs';
import t from 'tap';
import { APPEND_TRIES, checkDeadlines, type DeadlineName, deadlines } from './deadlines.ts';

const defaults = Object.fromEntries(Object.entries(deadlines).map(([name, { ms }]) => [name, ms]));

t.test('each default is longer than everything that happens within it', async (t) => {
  for (const [name, deadline] of Object.entries(deadlines)) {
    if (!('paths' in deadline)) continue;
    for (const path of deadline.paths) {
      const ms = Object.entries(path).reduce(
        (sum, [step, times]) => sum + times * deadlines[step as DeadlineName].ms,
        0,
      );
      t.ok(ms < deadline.ms, `${name}: ${ms} ms within ${deadline.ms} ms`);
    }
  }
  t.doesNotThrow(() => checkDeadlines(defaults));
});

t.test('a call to a provider has 100 ms more than the worst case of the provider', async (t) => {
  const { CALL_DEADLINE_MS, PROVIDER_STOCK_READ, APPEND_DEADLINE_MS, DIRECT_DEADLINE_MS } = deadlines;
  const worstMs = PROVIDER_STOCK_READ.ms + APPEND_TRIES * APPEND_DEADLINE_MS.ms + DIRECT_DEADLINE_MS.ms;
  t.ok(worstMs + 100 <= CALL_DEADLINE_MS.ms, `${worstMs} ms within ${CALL_DEADLINE_MS.ms} ms`);
});

t.test('a setting that does not fit is refused with the sum', async (t) => {
  t.doesNotThrow(() => checkDeadlines({ ...defaults, ORDER_WAIT_MS: 3349 }));
  t.throws(() => checkDeadlines({ ...defaults, ORDER_WAIT_MS: 3350 }), {
    message:
      'settings: NGINX_READ is 5000 ms and must be longer than CONSUMER_STOCK_READ (500) + REDIS_CALL (350) + RISK_DEADLINE_MS (300) + ORDER_WAIT_MS (3350) + LAST_LOOK (500) = 5000 ms',
  });
  t.throws(() => checkDeadlines({ ...defaults, CALL_DEADLINE_MS: 2700 }), {
    message:
      'settings: CALL_DEADLINE_MS is 2700 ms and must be longer than PROVIDER_STOCK_READ (300) + 2 × APPEND_DEADLINE_MS (700) + DIRECT_DEADLINE_MS (1000) = 2700 ms',
  });
});

t.test('a provider, which does not know how long its callers wait, fits into the time of nginx', async (t) => {
  t.doesNotThrow(() => checkDeadlines({ APPEND_DEADLINE_MS: 1849, DIRECT_DEADLINE_MS: 1000 }));
  t.throws(() => checkDeadlines({ APPEND_DEADLINE_MS: 1850, DIRECT_DEADLINE_MS: 1000 }), {
    message:
      'settings: NGINX_READ is 5000 ms and must be longer than PROVIDER_STOCK_READ (300) + 2 × APPEND_DEADLINE_MS (1850) + DIRECT_DEADLINE_MS (1000) = 5000 ms',
  });
});

t.test('nginx waits as long as the table says', async (t) => {
  const template = readFileSync(new URL('../../nginx/flash-sale.conf.template', import.meta.url), 'utf8');
  t.match(template, `proxy_read_timeout ${deadlines.NGINX_READ.ms / 1000}s;`);
});
