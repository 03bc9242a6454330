import { findFreePorts } from './find-free-ports.ts';
import { findPortRow } from './find-port-row.ts';

/** Settings that let a whole system run beside whatever else runs here. */
export async function planFreePorts(): Promise<Record<string, string>> {
  const [mysql, redis, kafka, kafkaController] = await findFreePorts(4);
  const first = await findPortRow(40);
  const ports = {
    ...{ MYSQL_PORT: mysql, REDIS_PORT: redis, KAFKA_PORT: kafka, KAFKA_CONTROLLER_PORT: kafkaController },
    ...{ NGINX_PORT: first, CONSUMER_PORT: first + 10, PROVIDER_PORT: first + 20, METRICS_PORT: first + 30 },
  };
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
}
