import { findFreePorts } from './find-free-ports.ts';
import { findPortRow } from './find-port-row.ts';

/** The environment for a system of its own beside whatever runs: this one's, with ports that are free. */
export async function planFreePorts(): Promise<NodeJS.ProcessEnv> {
  const [mysql, redis, kafka, kafkaController] = await findFreePorts(4);
  const first = await findPortRow(40);
  const ports = {
    ...{ MYSQL_PORT: mysql, REDIS_PORT: redis, KAFKA_PORT: kafka, KAFKA_CONTROLLER_PORT: kafkaController },
    ...{ NGINX_PORT: first, CONSUMER_PORT: first + 10, PROVIDER_PORT: first + 20, METRICS_PORT: first + 30 },
  };
  const texts = Object.entries(ports).map(([name, port]) => [name, String(port)]);
  return { ...process.env, ...Object.fromEntries(texts) };
}
