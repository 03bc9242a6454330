import assert from 'node:assert/strict';
import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const settings = { COOLDOWN: '600' };
const provider = await startTestProvider(t, servers, settings);
await startTestWorker(t, servers, settings);
const url = await startTestConsumer(t, servers, [provider], settings);

t.test('a buyer whose offer has expired is kept out, as one whose order has', { timeout: 120_000 }, async (t) => {
  const sid = await createTestStock(servers.mysql);
  const buy = (key: string) =>
    callApi(`${url}/api/v1`, `/stocks/${sid}/orders`, {
      as: 'ann',
      method: 'POST',
      headers: { 'idempotency-key': key },
    });
  const { body } = await buy('a');
  const row = () => servers.mysql('stock_order').where({ order_no: body.orderNo });
  const limit = { limitMs: 60_000 };
  await waitUntil('the decision', async () => assert.ok(await row().first()), limit);
  await row().update({ pay_by: new Date(Date.now() - 1000), decided_by: 'offer' });
  await waitUntil('the offer to expire', async () => assert.equal((await row().first()).state, 'expired'), limit);
  const refused = async () => assert.equal((await buy('b')).body.code, 'cooldown');
  await waitUntil('the cooldown', refused, limit);
  t.equal((await servers.mysql('stock_order').where({ sid })).length, 1, 'nothing was written');
});
