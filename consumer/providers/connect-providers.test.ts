import { type Metadata, Server, status, type UntypedHandleCall } from '@grpc/grpc-js';
import t, { type Test } from 'tap';
import { StockService } from '../../proto/messages/load-protos.ts';
import { bindServer } from '../../proto/process/bind-server.ts';
import { runForAll, runForRequest } from '../../proto/process/caller-scope.ts';
import { connectProviders } from './connect-providers.ts';

/** A provider that answers all calls with one status, and its number of calls. */
async function openFailing(t: Test, code: status) {
  let calls = 0;
  const ids: object[] = [];
  const answer: UntypedHandleCall = ({ metadata }: { metadata: Metadata }, callback: (error: object) => void) => {
    calls += 1;
    const { 'x-request-id': requestId, traceparent } = metadata.getMap();
    ids.push({ requestId, traceparent });
    callback({ code, details: 'always' });
  };
  const server = new Server();
  const handlers = Object.fromEntries(Object.keys(StockService.service).map((name) => [name, answer]));
  server.addService(StockService.service, handlers);
  const port = await bindServer(server, '127.0.0.1:0');
  const providers = connectProviders(`127.0.0.1:${port}`, 5000);
  t.teardown(() => {
    providers.close();
    server.forceShutdown();
  });
  return { providers, calls: () => calls, ids };
}

const CALLS = 100;

t.test('when all calls fail, retries stop', async (t) => {
  const { providers, calls } = await openFailing(t, status.UNAVAILABLE);
  for (let i = 0; i < CALLS; i += 1) await t.rejects(providers.getStock({ sid: 1 }), { code: status.UNAVAILABLE });
  t.ok(calls() > CALLS, 'a single failure is repeated');
  t.ok(calls() < 1.2 * CALLS, `${calls()} calls for ${CALLS}`);
});

t.test('INTERNAL and writes are not retried', async (t) => {
  const bug = await openFailing(t, status.INTERNAL);
  await t.rejects(bug.providers.getStock({ sid: 1 }), { code: status.INTERNAL });
  t.equal(bug.calls(), 1);
  const away = await openFailing(t, status.UNAVAILABLE);
  await t.rejects(away.providers.updateStock({ sid: 1, paused: true }), { code: status.UNAVAILABLE });
  t.equal(away.calls(), 1);
});

t.test('a call carries the ids of its HTTP request; one for several requests carries none', async (t) => {
  const { providers, ids } = await openFailing(t, status.INTERNAL);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const call = () => providers.getStock({ sid: 1 }).catch(() => undefined);
  await runForRequest({ requestId: 'click-1', traceparent }, call);
  await runForRequest({ requestId: 'click-2', traceparent: undefined }, call);
  await runForRequest({ requestId: 'click-3', traceparent }, () => runForAll(call));
  await call();
  const none = { requestId: undefined, traceparent: undefined };
  t.same(ids, [{ requestId: 'click-1', traceparent }, { requestId: 'click-2', traceparent: undefined }, none, none]);
});
