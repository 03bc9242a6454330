import t, { type Test } from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { bearer } from '../../ci/testing/clients/create-token.ts';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';
import { usesOfLaterSecrets } from '../../proto/settings/secret-keys.ts';

// SECURITY.md, "Rotation": in each step some processes already have the new secrets and others do not.

const OLD = {
  JWT_SECRET: 'kq3rM8vXz5Lw0TtYb7Jd2HfNs9PcGaE4',
  ORDER_NO_KEY: 'Zp6uWn1oRk8xQv3yBm5tCj0sLd7hFg2i',
  PROVIDER_TOKEN: 'b7Jd2HfNs9PcGaE4kq3rM8vXz5Lw0TtY',
  WEBHOOK_SECRET: `whsec_${Buffer.from('Kq8#vL2!mZ7@pX4$wN9%tB3^').toString('base64')}`,
  ORDER_RECORD_KEY: 'nB4xV7cQ1wRt8yUj5kLm2zGh9sDf3aPe',
  DECISION_KEY: 'Tg5hY2jU9kI4lO7pQ1wE8rS3dF6vC0xZ',
};
const NEW: typeof OLD = {
  JWT_SECRET: 'Wn1oRk8xQv3yBm5tCj0sLd7hFg2iZp6u',
  ORDER_NO_KEY: 'GaE4kq3rM8vXz5Lw0TtYb7Jd2HfNs9Pc',
  PROVIDER_TOKEN: 'Cj0sLd7hFg2iZp6uWn1oRk8xQv3yBm5t',
  WEBHOOK_SECRET: `whsec_${Buffer.from('Zr7!nB4@qM9#sX2$tL6%wK1^').toString('base64')}`,
  ORDER_RECORD_KEY: 'sDf3aPenB4xV7cQ1wRt8yUj5kLm2zGh9',
  DECISION_KEY: 'rS3dF6vC0xZTg5hY2jU9kI4lO7pQ1wE8',
};
type Secrets = typeof OLD;
const list = (first: Secrets, second: Secrets) =>
  Object.fromEntries(Object.keys(OLD).map((name) => [name, `${first[name as never]},${second[name as never]}`]));
const steps: Record<string, string>[] = [OLD, list(OLD, NEW), list(NEW, OLD), NEW];

const servers = await createTestServers(t);
const providers: number[] = [];
for (const { PROVIDER_TOKEN = '', ORDER_RECORD_KEY = '' } of steps) {
  providers.push(await startTestProvider(t, servers, { PROVIDER_TOKEN, ORDER_RECORD_KEY }));
}

function startWorker(t: Test, step: number) {
  const { ORDER_RECORD_KEY = '', DECISION_KEY = '', WEBHOOK_SECRET = '' } = steps[step] ?? {};
  return startTestWorker(t, servers, { ORDER_RECORD_KEY, DECISION_KEY, WEBHOOK_SECRET });
}

/** A consumer of one step, that calls the providers of another. */
const startConsumer = (step: number, provider: number) =>
  startTestConsumer(t, servers, [providers[provider] ?? 0], { ...steps[step], DEMO: 'on' });

async function demoToken(consumer: string, buyer: string): Promise<{ authorization: string }> {
  const { body } = await callApi(consumer, '/api/v1/demo/tokens', { body: { buyer } });
  return { authorization: `Bearer ${body.token}` };
}

/** Buys at `from`, repeats the order at `to` and reads it there, and starts a payment. */
async function buyAndPay(t: Test, { from, to, sid, buyer }: { from: string; to: string; sid: number; buyer: string }) {
  // The last step removes the old secrets: all processes accept the new ones.
  const token = await demoToken(from, buyer);
  const buy = (at: string) =>
    callApi(at, `/api/v1/stocks/${sid}/orders`, { method: 'POST', headers: { ...token, 'idempotency-key': buyer } });
  const first = await buy(from);
  t.match(first, { status: 201, body: { orderNo: String } }, first.text);
  const { orderNo } = first.body;
  const again = await buy(to);
  t.match(again.body, { orderNo }, `a repeat leads to the same order: ${again.text}`);
  const path = `/api/v1/orders/${orderNo}`;
  t.match((await callApi(to, path, { headers: token })).body, { orderNo, state: 'awaiting_payment' });
  const payment = await callApi(from, `${path}/payments`, { method: 'POST', headers: token });
  t.equal(payment.status, 201, payment.text);
  const page = new URL(String(payment.body.redirectUrl));
  t.equal((await fetch(`${to}${page.pathname}${page.search}`)).status, 200, 'the gateway’s page');
}

for (const step of [0, 1, 2]) {
  t.test(`step ${step + 1}: processes with old and new secrets accept each other during a sale`, async (t) => {
    const [before, after] = [await startConsumer(step, step + 1), await startConsumer(step + 1, step)];
    const sid = await createTestStock(servers.mysql, { count: 4 });
    for (const at of [step, step + 1]) {
      const worker = await startWorker(t, at);
      await buyAndPay(t, { from: before, to: after, sid, buyer: `ann-${at}` });
      await buyAndPay(t, { from: after, to: before, sid, buyer: `bob-${at}` });
      await worker.close();
    }
    t.match(await auditStock(servers.mysql, sid), { sale: 4, live: 4 });
    const [[{ direct }]] = await servers.mysql.raw(
      `SELECT COUNT(*) AS direct FROM stock_order WHERE sid = ? AND decided_by <> 'log'`,
      [sid],
    );
    t.equal(direct, 0, 'every record was accepted');
  });
}

t.test('the metric tells when an old secret was last used', async (t) => {
  const [list = {}] = steps.slice(2);
  const usedAt = () => usesOfLaterSecrets(list);
  // In step 2, processes with old,new signed what processes with new,old verified.
  for (const [name, seconds] of Object.entries(usedAt())) {
    if (name !== 'WEBHOOK_SECRET') t.ok(seconds > Date.now() / 1000 - 300, `${name}: ${seconds}`);
  }
  t.same(Object.keys(usedAt()).sort(), Object.keys(OLD).sort());
  t.same(usesOfLaterSecrets(NEW), {}, 'one secret has no later one');
  const consumer = await startConsumer(2, 2);
  const before = usedAt().JWT_SECRET ?? 0;
  const ask = (secret: string) => callApi(consumer, '/api/v1/orders', { headers: bearer('ann', { secret }) });
  t.equal((await ask(NEW.JWT_SECRET)).status, 200);
  t.equal(usedAt().JWT_SECRET, before, 'the new secret is not counted');
  t.equal((await ask(OLD.JWT_SECRET)).status, 200);
  t.ok((usedAt().JWT_SECRET ?? 0) > before);
});

t.test('a refusal under the old secret is the same after a rotation', async (t) => {
  const [before, after] = [await startConsumer(1, 1), await startConsumer(2, 2)];
  await startWorker(t, 1);
  const sid = await createTestStock(servers.mysql, { count: 0 });
  const ask = async (at: string) =>
    callApi(at, `/api/v1/stocks/${sid}/orders`, {
      method: 'POST',
      headers: { ...(await demoToken(at, 'eve')), 'idempotency-key': 'eve', 'idempotency-attempt': '2' },
    });
  const refused = await ask(before);
  t.match(refused, { status: 410, body: { orderNo: String } }, refused.text);
  t.match((await ask(after)).body, { orderNo: refused.body.orderNo });
  t.match((await auditStock(servers.mysql, sid)).states, { sold_out: 1 });
});

t.test('a removed secret is refused', async (t) => {
  const last = await startConsumer(3, 3);
  const headers = bearer('ann', { secret: OLD.JWT_SECRET });
  t.equal((await callApi(last, '/api/v1/orders', { headers })).status, 401);
  const outdated = await startTestConsumer(t, servers, [providers[3] ?? 0], OLD);
  t.equal((await callApi(outdated, '/api/v1/stocks/1')).status, 500, 'the providers refuse it');
});
