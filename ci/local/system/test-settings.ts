import type { ServerAddresses } from '../servers/start-servers.ts';

/** As environment variables, as ci/testing/servers/config.ts reads them. */
export function testSettings(servers: ServerAddresses): Record<string, string> {
  return {
    TEST_MYSQL_URL: new URL('/', servers.mysqlAdminUrl || servers.mysqlUrl).href,
    TEST_REDIS_URL: servers.redisAdminUrl || servers.redisUrl,
    TEST_REDIS_USERS: Object.values(servers.redisUrls).join(','),
    TEST_KAFKA_BROKERS: servers.kafkaBrokers,
  };
}
