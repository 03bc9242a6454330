import { type Static, Type } from 'typebox';
import { completeMysql, mysqlTlsSettings } from '../../db/mysql/mysql-settings.ts';
import { completeRedis, redisSettings, redisTlsSettings } from '../../db/redis/redis-settings.ts';
import { MAX_QUANTITY } from '../../proto/messages/order-details.ts';
import { gatewaySettings, stripeEventSettings } from '../../proto/payments/configured/gateway-settings.ts';
import { grpcClientSettings } from '../../proto/settings/grpc-tls.ts';
import { type KafkaAddress, kafkaSecuritySettings, readKafkaAddress } from '../../proto/settings/kafka-security.ts';
import { readSettings, SettingsError } from '../../proto/settings/read-settings.ts';

/** Defaults are below 32768: from there on, systems give ports to outgoing connections, and one of those may have the port at a start. */
const port = (value: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 65_535, default: value, description, unit: 'port' });

const secret = (description: string) =>
  Type.String({ default: '', description: `${description}; empty: npm start creates one and keeps it in .local` });

/** Settings of `npm start`. It passes on the settings of the processes, which are in their own config.ts. */
export const settingsSchema = Type.Object({
  NGINX_PORT: port(8080, 'Port of nginx, for buyers'),
  CONSUMER_PORT: port(3000, 'Port of the first consumer; others use the next ports'),
  PROVIDER_PORT: port(15_051, 'Port of the first provider; others use the next ports'),
  METRICS_PORT: port(9100, 'Port of /livez and /readyz of the first process; others use the next ports'),
  MYSQL_PORT: port(13_306, 'Port of the MariaDB of npm start'),
  REDIS_PORT: port(16_379, 'Port of the Redis of npm start'),
  KAFKA_PORT: port(19_092, 'Port of the Kafka of npm start'),
  KAFKA_CONTROLLER_PORT: port(19_093, 'Port of the controller of that Kafka'),
  MYSQL_URL: Type.String({
    default: '',
    description: 'mysql://user:password@host:port/database of a running server; empty: npm start runs its own',
  }),
  MYSQL_ADMIN_URL: Type.String({
    default: '',
    pattern: '^(mysql://.*)?$',
    description:
      'The same for a user who creates the tables, and the users of MYSQL_URL and MYSQL_PURGE_URL with the rights they need; empty: the user of MYSQL_URL creates the tables',
  }),
  MYSQL_PURGE_URL: Type.String({
    default: '',
    pattern: '^(mysql://.*)?$',
    description: 'The same for the user of npm run purge, who may delete; empty: MYSQL_URL',
  }),
  ...mysqlTlsSettings,
  REDIS_URL: Type.String({
    default: '',
    description: 'redis://host:port of a running server; empty: npm start runs its own',
  }),
  ...redisTlsSettings,
  REDIS_PREFIX: redisSettings.REDIS_PREFIX,
  KAFKA_BROKERS: Type.String({
    default: '',
    description: 'host:port,… of running brokers; empty: npm start runs its own',
  }),
  ...kafkaSecuritySettings,
  TOPIC_PREFIX: Type.String({ default: '', description: 'Prefix of all topic names' }),
  KAFKA_REPLICAS: Type.Integer({
    minimum: 1,
    maximum: 9,
    default: 1,
    description: 'Replication factor of the topics that are created',
  }),
  NODE_ENV: Type.Enum(['development', 'test', 'production'], {
    default: 'development',
    description: 'Environment of the processes; production refuses DEMO=on, LADDER=on and GATEWAY=sandbox',
  }),
  LADDER: Type.Enum(['on', 'off'], {
    default: 'on',
    description: 'Whether the six strategies of the ladder are served',
  }),
  DEMO: Type.Enum(['on', 'off'], {
    default: 'on',
    description: 'Whether POST /api/v1/demo/tokens issues a token to every caller',
  }),
  ALLOWED_HOSTS: Type.String({
    default: '',
    description:
      'Accepted names of the header Host, separated by commas; empty: with DEMO=on only names of this machine, else every name',
  }),
  GATEWAY: Type.Enum(['sandbox', 'http', 'stripe', 'off'], { default: 'sandbox', description: 'Payment gateway' }),
  GATEWAY_URL: gatewaySettings.GATEWAY_URL,
  STRIPE_SECRET_KEY: gatewaySettings.STRIPE_SECRET_KEY,
  STRIPE_WEBHOOK_SECRET: stripeEventSettings.STRIPE_WEBHOOK_SECRET,
  ORDER_NO_KEY: secret('Secret that signs order numbers'),
  ORDER_RECORD_KEY: secret('Secret that signs records of the order log'),
  UNSIGNED_RECORDS: Type.Enum(['accept', 'refuse'], {
    default: 'refuse',
    description:
      'accept: unsigned records of an earlier release are accepted, for the seven days that the log keeps them',
  }),
  DECISION_KEY: secret('Secret that signs decisions sent to consumers'),
  ADMISSION_KEY: secret('Secret that signs challenges and admission tokens'),
  JWT_SECRET: secret('Secret of HS256 tokens'),
  WEBHOOK_SECRET: secret('Secret that signs webhooks of the payment gateway'),
  WEBHOOK_KEY: secret('Secret that encrypts the secrets of webhook endpoints'),
  DRAW_KEY: secret('Secret of the key that signs tickets and statements of draws'),
  DRAWS: Type.Enum(['on', 'off'], { default: 'on', description: 'on: stocks may have a draw or a line' }),
  WEBHOOK_ADDRESSES: Type.Enum(['public', 'any'], {
    default: 'any',
    description: 'any: webhooks go to servers on this machine too',
  }),
  ORDER_DETAILS: Type.Enum(['on', 'off'], {
    default: 'on',
    description: 'on: orders may have several units, a reference and metadata',
  }),
  MAX_PER_ORDER: Type.Integer({
    minimum: 1,
    maximum: MAX_QUANTITY,
    default: 10,
    description: 'Highest maxPerOrder that a stock can have',
    unit: 'units',
  }),
  PROVIDER_TOKEN: Type.String({
    default: '',
    description:
      'Secrets for calls to providers, separated by commas; callers send one of them. Empty: none is required',
  }),
  ...grpcClientSettings,
  JWKS_URL: Type.String({
    default: '',
    description: 'URL of the public keys of RS256 and ES256 tokens, instead of JWT_SECRET; requires DEMO=off',
  }),
});

export type Config = Static<typeof settingsSchema>;

export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const config = readSettings(settingsSchema, env);
  for (const [tls, url] of [
    ['MYSQL_TLS', 'MYSQL_URL'],
    ['KAFKA_TLS', 'KAFKA_BROKERS'],
  ] as const) {
    if (config[tls] === 'on' && !config[url]) {
      throw new SettingsError(`settings: ${tls}=on needs ${url}: the servers of npm start have no TLS`);
    }
  }
  readKafkaAddress(config);
  return completeMysql(completeRedis(config));
}

/** The running servers, which npm start does not start. */
export function externalServers(config: Config) {
  return {
    mysqlUrl: config.MYSQL_URL,
    mysqlAdminUrl: config.MYSQL_ADMIN_URL,
    mysqlPurgeUrl: config.MYSQL_PURGE_URL,
    redisUrl: config.REDIS_URL,
    ...readKafkaAddress(config),
  };
}

/** How to connect to these brokers. The security settings are for the brokers of KAFKA_BROKERS; those of npm start have none. */
export function findKafkaAddress(config: Config, kafkaBrokers: string): KafkaAddress {
  return kafkaBrokers === config.KAFKA_BROKERS ? readKafkaAddress(config) : { kafkaBrokers };
}
