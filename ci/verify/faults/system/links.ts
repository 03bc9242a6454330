import type { Config } from '../../../local/config.ts';
import { findFreePorts } from '../../../local/ports/find-free-ports.ts';
import { startProxy, type TcpProxy } from '../../../local/servers/proxy.ts';
import type { KafkaDetour } from '../../../local/servers/start-kafka.ts';
import type { AppProcess } from '../../../local/system/plan-system.ts';
import type { Detours } from '../../../local/system/start-system.ts';

type Kind = AppProcess['kind'];

/** Which process calls which server, and the setting with the server's address. */
const SERVER_LINKS = [
  { from: 'consumer', to: 'redis', setting: 'REDIS_URL' },
  { from: 'provider', to: 'redis', setting: 'REDIS_URL' },
  { from: 'order-worker', to: 'redis', setting: 'REDIS_URL' },
  { from: 'provider', to: 'kafka', setting: 'KAFKA_BROKERS' },
  { from: 'order-worker', to: 'kafka', setting: 'KAFKA_BROKERS' },
  { from: 'provider', to: 'mysql', setting: 'MYSQL_URL' },
  { from: 'order-worker', to: 'mysql', setting: 'MYSQL_URL' },
] as const;

type ServerLink = `${Kind}-${'redis' | 'kafka' | 'mysql'}`;
/** A caller and a callee; each replica of consumers and providers is a separate callee. */
export type LinkName = ServerLink | `nginx-consumer-${number}` | `consumer-provider-${number}`;

export type Links = {
  of(name: LinkName): TcpProxy;
  detours: Detours;
  restore(): void;
  close(): Promise<void>;
};

/** Starts a proxy per pair of connected processes; a fault can affect each link separately. */
export async function startLinks(config: Config, replicas: number): Promise<Links> {
  const proxies = new Map<LinkName, TcpProxy>();
  const byAddress = { consumer: new Map<string, string>(), provider: new Map<string, string>() };
  const kafka: KafkaDetour[] = [];
  const local = (port: number) => `127.0.0.1:${port}`;
  // Ports that are not used for outgoing connections while a proxy does not listen.
  let [next = 0] = await findFreePorts(2 * replicas + 2 * SERVER_LINKS.length);
  const open = async (name: LinkName, server: string): Promise<TcpProxy> => {
    const proxy = await startProxy(server, { port: next++, refusesToo: /^(nginx|consumer-provider)-/.test(name) });
    proxies.set(name, proxy);
    return proxy;
  };

  for (let index = 0; index < replicas; index += 1) {
    const consumer = local(config.CONSUMER_PORT + index);
    const provider = local(config.PROVIDER_PORT + index);
    byAddress.consumer.set(consumer, (await open(`nginx-consumer-${index + 1}`, consumer)).address);
    byAddress.provider.set(provider, (await open(`consumer-provider-${index + 1}`, provider)).address);
  }
  const ports = { redis: config.REDIS_PORT, mysql: config.MYSQL_PORT };
  for (const { from, to } of SERVER_LINKS) {
    if (to !== 'kafka') {
      await open(`${from}-${to}`, local(ports[to]));
      continue;
    }
    // A broker advertises its address to clients, so each detour needs a listener that advertises the proxy.
    const port = next++;
    const proxy = await open(`${from}-${to}`, local(port));
    kafka.push({ port, advertisedPort: Number(new URL(`tcp://${proxy.address}`).port) });
  }

  const of = (name: LinkName): TcpProxy => {
    const proxy = proxies.get(name);
    if (!proxy) throw new Error(`unknown link ${name}`);
    return proxy;
  };
  return {
    of,
    restore: () => proxies.forEach((proxy) => void proxy.restore()),
    close: async () => {
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
    },
    detours: {
      kafka,
      consumer: (address) => byAddress.consumer.get(address) ?? address,
      environment: ({ kind }, direct) => describeDetours(kind, direct, byAddress.provider, of),
    },
  };
}

/** The environment of a process with the proxies' addresses. */
function describeDetours(
  kind: Kind,
  direct: NodeJS.ProcessEnv,
  providers: Map<string, string>,
  of: Links['of'],
): NodeJS.ProcessEnv {
  const env = { ...direct };
  if (env.PROVIDERS) {
    const addresses = env.PROVIDERS.split(',').map((address) => providers.get(address) ?? address);
    env.PROVIDERS = addresses.join(',');
  }
  for (const { from, to, setting } of SERVER_LINKS) {
    if (from === kind) env[setting] = withHost(env[setting] ?? '', of(`${from}-${to}`).address);
  }
  return env;
}

/** Replaces the host and port of an address with or without a protocol. */
function withHost(address: string, host: string): string {
  if (!address.includes('://')) return host;
  const url = new URL(address);
  url.host = host;
  return String(url);
}
