import { findFreePorts } from './find-free-ports.ts';

/** Settings with free ports for a whole system, so that it can run beside others. */
export async function planFreePorts(): Promise<Record<string, string>> {
  const [first = 0] = await findFreePorts(44);
  const servers = first + 40;
  const ports = {
    MYSQL_PORT: servers,
    REDIS_PORT: servers + 1,
    KAFKA_PORT: servers + 2,
    KAFKA_CONTROLLER_PORT: servers + 3,
    NGINX_PORT: first,
    CONSUMER_PORT: first + 10,
    PROVIDER_PORT: first + 20,
    METRICS_PORT: first + 30,
  };
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
}
