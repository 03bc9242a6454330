import { type Static, Type } from 'typebox';
import { redisSettings } from '../db/redis/redis-settings.ts';
import { completeGateway, gatewaySettings } from '../proto/payments/gateway.ts';
import { checkHostPorts, checkUrls } from '../proto/settings/check-addresses.ts';
import { checkSecrets } from '../proto/settings/check-secrets.ts';
import { processSettings, readSettings } from '../proto/settings/read-settings.ts';
import { decisionKeySettings, recordKeySettings } from '../proto/settings/signing-settings.ts';

export const settingsSchema = Type.Object({
  ...processSettings,
  MYSQL_URL: Type.String({ pattern: '^mysql://', description: 'mysql://user:password@host:port/database' }),
  MYSQL_POOL: Type.Integer({ minimum: 1, maximum: 200, default: 8, description: 'Most connections to MySQL' }),
  MYSQL_STATEMENT_MS: Type.Integer({
    minimum: 50,
    maximum: 60_000,
    default: 2000,
    description: 'Longest wait for one SQL statement, and for a free connection',
    unit: 'ms',
  }),
  ...redisSettings,
  KAFKA_BROKERS: Type.String({ minLength: 1, description: 'host:port of the brokers, with commas' }),
  TOPIC_PREFIX: Type.String({
    default: '',
    pattern: '^[A-Za-z0-9._-]{0,100}$',
    description: "Before every topic's name",
  }),
  DECIDE_BATCH: Type.Integer({
    minimum: 1,
    maximum: 5000,
    default: 1000,
    description: 'Most orders decided in one transaction',
  }),
  PAY_WITHIN: Type.Integer({
    minimum: 1,
    maximum: 604_800,
    default: 900,
    description: 'Time to pay a confirmed order',
    unit: 's',
  }),
  ...recordKeySettings,
  ...decisionKeySettings,
  UNSIGNED_RECORDS: Type.Enum(['accept', 'refuse'], {
    default: 'refuse',
    description: 'accept: while a release that did not sign order records is being replaced, and for no longer',
  }),
  ...gatewaySettings,
  GATEWAY_URL: Type.String({
    default: 'http://127.0.0.1:3000/sandbox-gateway',
    pattern: '^https?://[^/]+(/.*)?[^/]$',
    description: 'Where the sandbox gateway takes refunds: a consumer, or the nginx in front, and /sandbox-gateway',
  }),
});

export type WorkerConfig = Static<typeof settingsSchema>;

/** The order-worker's settings. Throws a SettingsError that says what is wrong. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): WorkerConfig {
  const config = readSettings(settingsSchema, env);
  checkUrls('MYSQL_URL', config.MYSQL_URL);
  checkUrls('REDIS_URL', config.REDIS_URL);
  checkHostPorts('KAFKA_BROKERS', config.KAFKA_BROKERS);
  checkSecrets(config, 'ORDER_RECORD_KEY', { needed: true });
  checkSecrets(config, 'DECISION_KEY', { needed: true });
  return completeGateway(config, { needed: config.GATEWAY !== 'off' });
}
