import t from 'tap';
import { bearer } from '../../ci/testing/clients/create-token.ts';
import { startTestGateway } from '../../ci/testing/gateways/start-test-gateway.ts';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const provider = await startTestProvider(t, servers);

for (const name of ['http', 'stripe'] as const) {
  t.test(`GATEWAY=${name}`, async (t) => {
    let url = '';
    const gateway = await startTestGateway(name, () => url);
    t.teardown(() => gateway.close());
    const { events, faults } = gateway;
    url = await startTestConsumer(t, servers, [provider], { ...gateway.settings, ...gateway.eventSettings });

    async function call(method: string, path: string) {
      const response = await fetch(`${url}${path}`, { method, headers: bearer('ann') });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    }
    async function sold() {
      const sid = await createTestStock(mysql, { count: 2, priceCents: 1999, currency: 'EUR' });
      const [orderNo = ''] = await sellUnits(mysql, sid, ['ann']);
      return { sid, path: `/api/v1/orders/${orderNo}` };
    }
    async function open(path: string): Promise<{ page: string; paymentId: string }> {
      const { status, body } = await call('POST', `${path}/payments`);
      if (status !== 201) throw new Error(JSON.stringify(body));
      return { page: String(body.redirectUrl), paymentId: String(body.paymentId) };
    }
    const stateOf = async (path: string) => (await call('GET', path)).body.state;

    t.test('a payment is read when its event comes, and counts once', async (t) => {
      const { sid, path } = await sold();
      const { page } = await open(path);
      t.equal((await open(path)).page, page, 'the stored page, without a call');
      t.ok(gateway.pay(page));
      t.equal(await stateOf(path), 'awaiting_payment', 'without an event');
      const [event] = events.takeAll();
      if (!event) throw new Error('no event');
      t.same(await Promise.all([1, 2, 3].map(() => events.deliver(event))), [200, 200, 200]);
      t.equal(await stateOf(path), 'paid');
      t.equal(await events.deliver(event), 200);
      t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
    });

    t.test('a lost answer, an error and a gateway that is away are passed by a repeat', async (t) => {
      const { path } = await sold();
      faults.order('failed before');
      t.match(await call('POST', `${path}/payments`), { status: 503, body: { code: 'unavailable' } });
      faults.order('failed after');
      t.equal((await call('POST', `${path}/payments`)).status, 503);
      const { page } = await open(path);
      gateway.pay(page);
      faults.setAway(true);
      t.same(await events.deliverAll(), [503]);
      t.equal(await stateOf(path), 'awaiting_payment');
      faults.setAway(false);
      t.same(await events.deliverAll(), [200]);
      t.equal(await stateOf(path), 'paid');
    });

    t.test('a refund that was made at the gateway refunds the order', async (t) => {
      const { sid, path } = await sold();
      const { page, paymentId } = await open(path);
      gateway.pay(page);
      await events.deliverAll();
      gateway.refundByHand(paymentId, 500);
      await events.deliverAll();
      t.equal(await stateOf(path), 'paid', 'a partial refund');
      gateway.refundByHand(paymentId, 1499);
      const late = events.takeAll().reverse();
      for (const event of late) t.equal(await events.deliver(event), 200);
      t.equal(await stateOf(path), 'refunded');
      t.match(await auditStock(mysql, sid), { sale: 0, live: 0 });
    });

    t.test('a dispute is noted', async (t) => {
      const { path } = await sold();
      const { page, paymentId } = await open(path);
      gateway.pay(page);
      gateway.openDispute(paymentId);
      await events.deliverAll();
      t.equal(await stateOf(path), 'paid');
      const [[row]] = await mysql.raw('SELECT dispute FROM payment WHERE payment_id = ?', [paymentId]);
      t.equal(row.dispute, name === 'stripe' ? 'needs_response' : 'opened');
    });

    t.test('an unpaid page changes nothing, and an event with a wrong signature is refused', async (t) => {
      const { path } = await sold();
      const { page } = await open(path);
      gateway.pay(page);
      const [event] = events.takeAll();
      if (!event) throw new Error('no event');
      t.equal(await events.deliver({ id: event.id, body: event.body }), 200);
      const forged = await fetch(events.url(), { method: 'POST', headers: events.sign(event), body: `${event.body} ` });
      t.match(
        { status: forged.status, body: await forged.json() },
        { status: 401, body: { code: 'invalid_signature' } },
      );
      const unsigned = await fetch(events.url(), { method: 'POST', body: event.body });
      t.equal(unsigned.status, 401);
      const empty = await fetch(events.url(), { method: 'POST' });
      t.equal(empty.status, 401);
      const long = await fetch(events.url(), {
        method: 'POST',
        headers: events.sign(event),
        body: 'x'.repeat(260_000 + 4096),
      });
      t.match({ status: long.status, body: await long.json() }, { status: 413, body: { code: 'body_too_large' } });
    });

    t.test('the API of the service was used as it is described', async (t) => t.same(gateway.violations, []));
  });
}

t.test('without GATEWAY=stripe there is no route for its events', async (t) => {
  const url = await startTestConsumer(t, servers, [provider], { GATEWAY: 'off' });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/v1/payments/webhook/stripe`, { method: 'POST', headers, body: '{}' });
  t.equal(response.status, 404);
});
