import { once } from 'node:events';
import { credentials, makeClientConstructor, Server, type ServiceDefinition, type ServiceError } from '@grpc/grpc-js';
import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { bindServer } from '../../proto/process/bind-server.ts';
import { startConnectionRecycler } from './connection-recycler.ts';

const bytes = (value: Buffer) => value;
const echo: ServiceDefinition = {
  Echo: {
    path: '/test.Echo/Echo',
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  },
};
const CALLERS = 3;
const EVERY_MS = 2;

async function startEcho(t: Test) {
  const server = new Server();
  server.addService(echo, {
    Echo(call: { request: Buffer }, callback: (error: null, reply: Buffer) => void) {
      setTimeout(() => callback(null, call.request), Math.random() * 20);
    },
  });
  const port = await bindServer(server, '127.0.0.1:0');
  t.teardown(() => server.forceShutdown());
  return { server, port };
}

t.test('a provider that drains loses no call', async (t) => {
  const [going, staying] = [await startEcho(t), await startEcho(t)];
  const Client = makeClientConstructor(echo, 'test.Echo');
  const target = `ipv4:127.0.0.1:${going.port},127.0.0.1:${staying.port}`;
  const options = {
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
    // A separate connection for each caller.
    'grpc.use_local_subchannel_pool': 1,
  };
  const callers = Array.from({ length: CALLERS }, () => new Client(target, credentials.createInsecure(), options));
  t.teardown(() => {
    for (const caller of callers) caller.close();
  });
  const errors: string[] = [];
  let sent = 0;
  let answered = 0;
  const timer = setInterval(() => {
    for (const caller of callers) {
      sent += 1;
      (caller as unknown as Record<string, (...args: unknown[]) => void>).Echo?.(
        Buffer.from('x'),
        { deadline: Date.now() + 10_000 },
        (error: ServiceError | null) => {
          answered += 1;
          if (error) errors.push(error.message);
        },
      );
    }
  }, EVERY_MS);
  t.teardown(() => clearInterval(timer));
  const wait = (ms: number) => once(AbortSignal.timeout(ms), 'abort');
  while (answered < 100) await wait(50);

  const connections = startConnectionRecycler(going.server);
  const { sessions } = going.server as unknown as { sessions: Map<unknown, unknown> };
  t.equal(sessions.size, CALLERS, 'the internals of grpc-js have not changed');
  await connections.drain();
  connections.close();
  await new Promise<void>((resolve) => going.server.tryShutdown(() => resolve()));
  // A session ends shortly after its last call.
  const isGone = () => {
    if (sessions.size > 0) throw new Error(`${sessions.size} left`);
  };
  await waitUntil('the sessions to be gone', isGone, { limitMs: 5000 });
  await wait(300);
  clearInterval(timer);
  while (answered < sent) await wait(50);
  t.same(errors, []);
  t.ok(sent > 100, `${sent} calls`);
});
