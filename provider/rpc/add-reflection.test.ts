import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Client, type ClientDuplexStream, credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, loadSync, type PackageDefinition } from '@grpc/proto-loader';
import t, { type Test } from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../ci/testing/servers/start-test-system.ts';

// A client that knows nothing but reflection, as grpcurl does.

const servers = await createTestServers(t);
const address = `127.0.0.1:${await startTestProvider(t, servers)}`;

type Answer = {
  listServicesResponse: { service: { name: string }[] } | null;
  fileDescriptorResponse: { fileDescriptorProto: Buffer[] } | null;
};
type Ask = (request: object) => Promise<Answer>;
type Constructor = new (address: string, security: ReturnType<typeof credentials.createInsecure>) => Client;
type Unary = (request: object, done: (error: Error | null, reply: object) => void) => void;

/** The constructor of the service with this full name. */
function serviceOf(definition: PackageDefinition, name: string): Constructor {
  const found = name.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], {
    ...loadPackageDefinition(definition),
  });
  return found as Constructor;
}

function reflect(t: Test, version: string): Ask {
  const folder = dirname(createRequire(import.meta.url).resolve('@grpc/reflection/package.json'));
  const definition = loadSync(join(folder, `build/proto/grpc/reflection/${version}/reflection.proto`));
  const client = new (serviceOf(definition, `grpc.reflection.${version}.ServerReflection`))(
    address,
    credentials.createInsecure(),
  );
  const { serverReflectionInfo } = client as unknown as { serverReflectionInfo(): ClientDuplexStream<object, Answer> };
  const stream = serverReflectionInfo.call(client);
  t.teardown(async () => {
    stream.end();
    await once(stream, 'end');
    client.close();
  });
  return async (request) => {
    stream.write(request);
    const [answer] = await once(stream, 'data');
    return answer;
  };
}

/** The definition of a service as reflection describes it. */
async function describe(ask: Ask, service: string): Promise<PackageDefinition> {
  const { fileDescriptorResponse } = await ask({ fileContainingSymbol: service });
  // google.protobuf.FileDescriptorSet: field 1, a file each.
  const files = (fileDescriptorResponse?.fileDescriptorProto ?? []).flatMap((file) => {
    const length: number[] = [];
    for (let rest = file.length; ; rest >>>= 7) {
      length.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest <= 127) break;
    }
    return [Buffer.from([10, ...length]), file];
  });
  return loadFileDescriptorSetFromBuffer(Buffer.concat(files), { longs: Number, enums: String });
}

for (const version of ['v1', 'v1alpha']) {
  t.test(`reflection ${version} lists our services and the health check`, async (t) => {
    const { listServicesResponse } = await reflect(t, version)({ listServices: '*' });
    const names = listServicesResponse?.service.map(({ name }) => name);
    t.same(names?.sort(), ['flashsale.v1.OrderService', 'flashsale.v1.StockService', 'grpc.health.v1.Health']);
  });

  t.test(`what reflection ${version} describes can be called`, async (t) => {
    const ask = reflect(t, version);
    const sid = await createTestStock(servers.mysql, { count: 5 });
    const calls: [service: string, rpc: string, request: object, reply: object][] = [
      ['flashsale.v1.StockService', 'GetStock', { sid }, { sid, count: 5 }],
      ['flashsale.v1.OrderService', 'GetOrders', { orderNos: ['1-x'] }, {}],
      ['grpc.health.v1.Health', 'Check', { service: 'flashsale.v1.OrderService' }, { status: 'SERVING' }],
    ];
    for (const [service, rpc, request, reply] of calls) {
      const client = new (serviceOf(await describe(ask, service), service))(address, credentials.createInsecure());
      const call = (client as unknown as Record<string, Unary>)[rpc]?.bind(client);
      const answer = new Promise((resolve, reject) =>
        call?.(request, (error, value) => (error ? reject(error) : resolve(value))),
      );
      t.match(await answer, reply, `${service}/${rpc}`);
      client.close();
    }
  });
}
