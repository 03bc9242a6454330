import type { ServiceError } from '@grpc/grpc-js';
import t from 'tap';
import { connectTestClient, faultDetails, violatedFields } from '../../ci/testing/clients/connect-test-client.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const client = connectTestClient(t, await startTestProvider(t, servers));
const locked = connectTestClient(t, await startTestProvider(t, servers, { PROVIDER_TOKEN: 'x'.repeat(32) }));
const sid = await createTestStock(servers.mysql, { count: 5 });
const domain = 'flashsale';

async function failureOf(call: Promise<unknown>): Promise<ServiceError> {
  try {
    await call;
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error('the call succeeded');
}

t.test('an error has a stable reason, and what the reason is about', async (t) => {
  const reasonOf = async (call: Promise<unknown>) => faultDetails(await failureOf(call));
  t.match(await reasonOf(client.getStock({ sid: 9 })), { reason: 'STOCK_NOT_FOUND', domain });
  t.match(await reasonOf(client.getAudit({ sid })), { reason: 'AUDIT_NOT_FOUND', domain });
  t.match(await reasonOf(client.createStock({ sid, name: 'A', count: 1, currency: 'EUR' })), {
    reason: 'STOCK_EXISTS',
  });
  const removal = client.updateStock({ sid, addUnits: -6 });
  t.match(await reasonOf(removal), { reason: 'UNITS_SOLD', domain, metadata: { left: '5' } });
  t.match(await reasonOf(locked.getStock({ sid })), { reason: 'TOKEN_REQUIRED', domain });
});

t.test('an invalid field is named beside the reason', async (t) => {
  const error = await failureOf(client.getStock({ sid: -1 }));
  t.same(violatedFields(error), ['sid']);
  t.match(faultDetails(error), { reason: 'INVALID_FIELD', retryDelay: undefined });
});

t.test('an error that passes says when to call again', async (t) => {
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => client.auditStock({ sid })));
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as ServiceError] : []));
  t.ok(refused.length > 0, 'one audit at a time');
  for (const error of refused) {
    t.match(faultDetails(error), { reason: 'TOO_MANY_AUDITS', domain, retryDelay: { seconds: 5, nanos: 0 } });
  }
});

t.test('an item that fails has the reason of its own call', async (t) => {
  const { results } = await client.getStocks({ items: [{ sid }, { sid: 9 }] });
  t.match(results, [{ reply: { sid } }, { fault: { code: 5, reason: 'STOCK_NOT_FOUND' } }]);
});
