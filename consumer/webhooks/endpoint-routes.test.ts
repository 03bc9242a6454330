import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { bearer } from '../../ci/testing/clients/create-token.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';
import { isVerified, startReceiver } from '../../ci/testing/webhooks/start-receiver.ts';
import { cancelOrder } from '../../db/orders/cancel-order.ts';

const servers = await createTestServers(t);
const { mysql, database } = servers;
const settings = { WEBHOOK_ADDRESSES: 'any' };
const api = `${await startTestConsumer(t, servers, [await startTestProvider(t, servers, settings)])}/api/v1`;
const strict = `${await startTestConsumer(t, servers, [await startTestProvider(t, servers)])}/api/v1`;
await startTestWorker(t, servers, settings);

type Webhook = { webhookId: string; secret: string; state: string };
type Delivery = { deliveryId: string; state: string; type: string; lastStatus: number };

const admin = (path: string, body?: unknown, method?: string) =>
  callApi(api, `/admin${path}`, { as: 'admin', ...(body !== undefined && { body }), ...(method && { method }) });

async function create(t: Test, url: string, fields: object = {}): Promise<Webhook> {
  const { status, body } = await admin('/webhooks', { url, events: ['order.cancelled'], ...fields });
  t.equal(status, 201);
  return body as Webhook;
}
const remove = ({ webhookId }: Webhook) => admin(`/webhooks/${webhookId}`, undefined, 'DELETE');

/** Sells one unit and cancels the order: a real event. */
async function cancelOne(): Promise<string> {
  const sid = await createTestStock(mysql, { count: 1 });
  const [orderNo = ''] = await sellUnits(mysql, sid, ['ann']);
  await cancelOrder(database, orderNo, 'ann');
  return orderNo;
}

async function waitForDeliveries(webhook: Webhook, state: string, count: number): Promise<Delivery[]> {
  return waitUntil(
    `${count} ${state} deliveries`,
    async () => {
      const { body } = await admin(`/webhooks/${webhook.webhookId}/deliveries?state=${state}`);
      const deliveries = body.deliveries as Delivery[];
      if (deliveries.length !== count) throw new Error(`${deliveries.length}`);
      return deliveries;
    },
    { limitMs: 20_000 },
  );
}

t.test('an endpoint is created with a secret that nothing shows again, changed and removed', async (t) => {
  const receiver = await startReceiver(t);
  const webhook = await create(t, receiver.url, { description: 'warehouse', events: ['order.cancelled'] });
  const { secret, ...shown } = webhook;
  t.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  t.match(shown, { url: receiver.url, state: 'active', failures: 0, description: 'warehouse' });
  t.same((await admin('/webhooks')).body, { webhooks: [shown] });
  t.same((await admin(`/webhooks/${webhook.webhookId}`)).body, shown);
  const [rows] = await mysql.raw('SELECT encrypted FROM webhook_secret');
  t.notOk(rows[0].encrypted.includes(secret.slice(6)), 'stored encrypted');

  const orderNo = await cancelOne();
  const [first] = await receiver.waitFor(1);
  t.match(first, { id: `${orderNo}:cancelled`, event: { type: 'order.cancelled' } });
  t.ok(first && isVerified(secret, first));

  const changed = await admin(`/webhooks/${webhook.webhookId}`, { events: [], description: '' }, 'PATCH');
  t.match(changed.body, { events: [], description: '', url: receiver.url });
  t.equal((await remove(webhook)).status, 204);
  t.equal((await remove(webhook)).status, 404);
  t.match((await admin(`/webhooks/${webhook.webhookId}`)).body, { code: 'webhook_not_found' });
  const { body } = await admin('/actions');
  const actions = (body.actions as { action: string; target: string }[]).map(({ action }) => action);
  t.same(actions, ['removeWebhook', 'updateWebhook', 'createWebhook']);
  t.notOk(JSON.stringify(body).includes(secret));
});

t.test('after a rotation the old secret and the new one sign', async (t) => {
  const receiver = await startReceiver(t);
  const webhook = await create(t, receiver.url);
  const { status, body } = await admin(`/webhooks/${webhook.webhookId}/secrets`, {});
  t.equal(status, 201);
  const hours = (Date.parse(String(body.previousUntil)) - Date.now()) / 3_600_000;
  t.ok(hours > 23.9 && hours <= 24.1, `${hours} hours`);
  await cancelOne();
  const [both] = await receiver.waitFor(1);
  t.ok(both && isVerified(webhook.secret, both) && isVerified(String(body.secret), both));
  await mysql.raw('UPDATE webhook_secret SET valid_until = NOW(3) - INTERVAL 1 SECOND WHERE valid_until IS NOT NULL');
  await cancelOne();
  const [, later] = await receiver.waitFor(2);
  t.ok(later && !isVerified(webhook.secret, later) && isVerified(String(body.secret), later), 'a day later');
  for (let i = 0; i < 4; i += 1) t.equal((await admin(`/webhooks/${webhook.webhookId}/secrets`, {})).status, 201);
  t.match((await admin(`/webhooks/${webhook.webhookId}/secrets`, {})).body, { code: 'conflict' });
  await remove(webhook);
});

t.test('a paused endpoint keeps its deliveries', async (t) => {
  const receiver = await startReceiver(t);
  const webhook = await create(t, receiver.url);
  t.match((await admin(`/webhooks/${webhook.webhookId}`, { state: 'paused' }, 'PATCH')).body, { state: 'paused' });
  const orderNos = [await cancelOne(), await cancelOne()];
  await waitForDeliveries(webhook, 'pending', 2);
  t.equal(receiver.received.length, 0);
  await admin(`/webhooks/${webhook.webhookId}`, { state: 'active' }, 'PATCH');
  await receiver.waitFor(2);
  t.same(receiver.received.map(({ event }) => event.data.orderNo).sort(), orderNos.sort());
  await remove(webhook);
});

t.test('410 disables the endpoint; a dead delivery is replayed with the same id', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answerBy((_, response) => void response.writeHead(410).end());
  const webhook = await create(t, receiver.url);
  await cancelOne();
  const [dead] = await waitForDeliveries(webhook, 'dead', 1);
  t.match(dead, { lastStatus: 410, type: 'order.cancelled', attempts: 1, nextTryAt: null });
  t.match((await admin(`/webhooks/${webhook.webhookId}`)).body, { state: 'disabled' });
  receiver.answerBy((_, response) => void response.writeHead(200).end());
  await admin(`/webhooks/${webhook.webhookId}`, { state: 'active' }, 'PATCH');
  const replay = await admin(`/webhook-deliveries/${dead?.deliveryId}/replay`, {});
  t.match([replay.status, replay.body], [202, { state: 'pending', attempts: 0 }]);
  await waitForDeliveries(webhook, 'delivered', 1);
  const ids = receiver.received.map(({ id }) => id);
  t.equal(ids[0], ids[1]);
  t.match((await admin('/webhook-deliveries/999999/replay', {})).body, { code: 'delivery_not_found' });
  await remove(webhook);
});

t.test('a repeated request creates nothing, and gets the same secret', async (t) => {
  const headers = { 'idempotency-key': '"create-1"' };
  const body = { url: 'https://shop.example/hook' };
  const again = () => callApi(api, '/admin/webhooks', { as: 'admin', headers, body });
  const [first, second] = [await again(), await again()];
  t.same([first.status, second.status], [201, 201]);
  t.same(second.body, first.body);
  const { webhookId } = first.body as Webhook;
  const rotate = () => callApi(api, `/admin/webhooks/${webhookId}/secrets`, { as: 'admin', headers, body: {} });
  t.match(
    (await callApi(api, '/admin/webhooks', { as: 'admin', headers, body: { url: 'https://b.example/' } })).status,
    422,
  );
  const rotated = await callApi(api, `/admin/webhooks/${webhookId}/secrets`, {
    as: 'admin',
    headers: { 'idempotency-key': '"rotate-1"' },
    body: {},
  });
  t.equal(rotated.status, 201);
  t.equal((await rotate()).status, 422, 'a key is of one request');
  await remove(first.body as Webhook);
});

t.test('who may do what, and which addresses are accepted', async (t) => {
  const wrong = [
    'http://shop.example/',
    'https://10.1.2.3/',
    'https://[::ffff:127.0.0.1]/',
    'https://0x7f.1/',
    'ftp://x/',
  ];
  for (const url of [...wrong, 'https://a:b@shop.example/', 'https://shop.example/#x', 'nonsense']) {
    const { body } = await callApi(strict, '/admin/webhooks', { as: 'admin', body: { url } });
    t.match(body, { code: 'invalid_request', status: 400 }, url);
  }
  t.equal(
    (await callApi(strict, '/admin/webhooks', { as: 'ann', body: { url: 'https://shop.example/' } })).status,
    403,
  );
  const viewer = { headers: bearer('vera', { roles: ['viewer'] }) };
  t.equal((await callApi(strict, '/admin/webhooks', viewer)).status, 200);
  const operator = { headers: bearer('olga', { roles: ['operator'] }), body: { url: 'https://shop.example/' } };
  t.equal((await callApi(strict, '/admin/webhooks', operator)).status, 403, 'it would get the data of all orders');
  const created: Webhook[] = [];
  for (let i = 0; i < 20; i += 1) created.push(await create(t, `https://shop.example/${i}`));
  t.match((await admin('/webhooks', { url: 'https://shop.example/' })).body, { code: 'conflict' });
  for (const webhook of created) await remove(webhook);
});
