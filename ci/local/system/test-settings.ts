import type { ServerAddresses } from '../servers/start-servers.ts';

/** The addresses as environment variables for ci/testing/servers/config.ts. */
export function testSettings(servers: ServerAddresses): Record<string, string> {
  return {
    TEST_MYSQL_URL: new URL('/', servers.mysqlAdminUrl || servers.mysqlUrl).href,
    TEST_REDIS_URL: servers.redisAdminUrl || servers.redisUrl,
    TEST_REDIS_USERS: Object.values(servers.redisUrls).join(','),
    TEST_KAFKA_BROKERS: servers.kafkaBrokers,
  };
}
