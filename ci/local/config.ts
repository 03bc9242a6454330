import { type Static, Type } from 'typebox';
import { redisSettings } from '../../db/redis/redis-settings.ts';
import { readSettings } from '../../proto/settings/read-settings.ts';

const port = (value: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 65_535, default: value, description, unit: 'port' });

const secret = (description: string) =>
  Type.String({ default: '', description: `${description}; empty: npm start makes one and keeps it in .local` });

/** Settings of `npm start`. What the processes themselves read is in their own config.ts and is handed on to them. */
export const settingsSchema = Type.Object({
  NGINX_PORT: port(8080, 'Port that buyers use'),
  CONSUMER_PORT: port(3000, 'Port of the first consumer; the others count up'),
  PROVIDER_PORT: port(50_051, 'Port of the first provider; the others count up'),
  METRICS_PORT: port(9100, 'Port of the first process’s /livez and /readyz; the others count up'),
  MYSQL_PORT: port(13_306, 'Port of the MariaDB that npm start runs'),
  REDIS_PORT: port(16_379, 'Port of the Redis that npm start runs'),
  KAFKA_PORT: port(19_092, 'Port of the Kafka that npm start runs'),
  KAFKA_CONTROLLER_PORT: port(19_093, 'Port on which that Kafka talks to itself'),
  MYSQL_URL: Type.String({
    default: '',
    description:
      'mysql://user:password@host:port/database of a server that runs already; empty: npm start runs its own',
  }),
  MYSQL_ADMIN_URL: Type.String({
    default: '',
    pattern: '^(mysql://.*)?$',
    description:
      'The same of a user who makes tables, and the users of MYSQL_URL and MYSQL_PURGE_URL with no more rights than they need; empty: MYSQL_URL makes the tables',
  }),
  MYSQL_PURGE_URL: Type.String({
    default: '',
    pattern: '^(mysql://.*)?$',
    description: 'The same of the user of npm run purge, who may delete; empty: there is none, MYSQL_URL does it',
  }),
  REDIS_URL: Type.String({
    default: '',
    description: 'redis://host:port of a server that runs already; empty: npm start runs its own',
  }),
  REDIS_PREFIX: redisSettings.REDIS_PREFIX,
  KAFKA_BROKERS: Type.String({
    default: '',
    description: 'host:port,… of brokers that run already; empty: npm start runs its own',
  }),
  TOPIC_PREFIX: Type.String({ default: '', description: 'Begins the name of every topic' }),
  KAFKA_REPLICAS: Type.Integer({
    minimum: 1,
    maximum: 9,
    default: 1,
    description: 'Brokers that hold a copy of each partition of the topics that are made',
  }),
  NODE_ENV: Type.Enum(['development', 'test', 'production'], {
    default: 'development',
    description: 'What the processes are run for; production refuses DEMO=on, LADDER=on and GATEWAY=sandbox',
  }),
  LADDER: Type.Enum(['on', 'off'], { default: 'on', description: 'Whether the six classic ways to sell are served' }),
  DEMO: Type.Enum(['on', 'off'], {
    default: 'on',
    description: 'Whether POST /api/v1/demo/tokens gives a token to anybody',
  }),
  ALLOWED_HOSTS: Type.String({
    default: '',
    description:
      'Names of the header Host that are answered, with commas; empty: with DEMO=on those of this machine alone, else every name',
  }),
  GATEWAY: Type.Enum(['sandbox', 'off'], { default: 'sandbox', description: 'Who takes the money' }),
  ORDER_NO_KEY: secret('Secret that order numbers are signed with'),
  ORDER_RECORD_KEY: secret('Secret that records of the order log are signed with'),
  UNSIGNED_RECORDS: Type.Enum(['accept', 'refuse'], {
    default: 'refuse',
    description:
      'accept: order records of a release that did not sign them count, for the seven days that the log keeps them',
  }),
  DECISION_KEY: secret('Secret that decisions sent to consumers are signed with'),
  JWT_SECRET: secret('Secret of HS256 tokens'),
  WEBHOOK_SECRET: secret('Secret that the payment gateway’s webhooks are signed with'),
  PROVIDER_TOKEN: Type.String({
    default: '',
    description: 'Secrets of which callers of the providers must send one, with commas; empty: none is asked for',
  }),
  JWKS_URL: Type.String({
    default: '',
    description: 'Address of the public keys of RS256 and ES256 tokens, in place of JWT_SECRET; needs DEMO=off',
  }),
});

export type Config = Static<typeof settingsSchema>;

export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return readSettings(settingsSchema, env);
}

/** The servers that are not ours to start. */
export function externalServers(config: Config) {
  return {
    mysqlUrl: config.MYSQL_URL,
    mysqlAdminUrl: config.MYSQL_ADMIN_URL,
    mysqlPurgeUrl: config.MYSQL_PURGE_URL,
    redisUrl: config.REDIS_URL,
    kafkaBrokers: config.KAFKA_BROKERS,
  };
}
