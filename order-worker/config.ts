import { type Static, Type } from 'typebox';
import { completeMysql, mysqlTlsSettings } from '../db/mysql/mysql-settings.ts';
import { completeRedis, redisSettings } from '../db/redis/redis-settings.ts';
import { drawSettings } from '../proto/draws/draw-settings.ts';
import { completeGateway, gatewaySettings } from '../proto/payments/configured/gateway-settings.ts';
import { checkHostPorts, checkUrls } from '../proto/settings/check-addresses.ts';
import { checkSecrets } from '../proto/settings/check-secrets.ts';
import { cooldownSettings } from '../proto/settings/cooldown-settings.ts';
import { readKafkaAddress } from '../proto/settings/kafka-security.ts';
import { offerSettings, orderPathSettings } from '../proto/settings/order-path-settings.ts';
import { processSettings, readSettings } from '../proto/settings/read-settings.ts';
import { decisionKeySettings, drawKeySettings, recordKeySettings } from '../proto/settings/signing-settings.ts';
import { warmUpSettings } from '../proto/settings/warm-up-settings.ts';
import { webhookSettings } from '../proto/settings/webhook-settings.ts';
import { traceSettings } from '../proto/traces/trace-settings.ts';

export const settingsSchema = Type.Object({
  ...processSettings,
  ...warmUpSettings,
  ...traceSettings,
  MYSQL_URL: Type.String({ pattern: '^mysql://', description: 'mysql://user:password@host:port/database' }),
  ...mysqlTlsSettings,
  MYSQL_POOL: Type.Integer({
    minimum: 1,
    maximum: 200,
    default: 8,
    description: 'Maximum number of connections to MySQL',
  }),
  MYSQL_STATEMENT_MS: Type.Integer({
    minimum: 50,
    maximum: 60_000,
    default: 2000,
    description: 'Deadline of one SQL statement, and of the wait for a free connection',
    unit: 'ms',
  }),
  ...redisSettings,
  ...cooldownSettings,
  ...orderPathSettings,
  DECIDE_BATCH: Type.Integer({
    minimum: 1,
    maximum: 5000,
    default: 1000,
    description: 'Maximum number of orders in one transaction; a record of more orders is not split',
  }),
  ...recordKeySettings,
  ...decisionKeySettings,
  UNSIGNED_RECORDS: Type.Enum(['accept', 'refuse'], {
    default: 'refuse',
    description: 'accept: only while a release that does not sign order records is being replaced',
  }),
  AUDIT_EVERY: Type.Integer({
    minimum: 0,
    maximum: 86_400,
    default: 300,
    description:
      'Time between two audits of the rows of running sales, and of those that ended within a day, by one order-worker. 0: none (npm run audit still does it)',
    unit: 's',
  }),
  AUDIT_MYSQL_URL: Type.String({
    pattern: '^(mysql://|$)',
    default: '',
    description: 'Like MYSQL_URL, for a replica that these audits read. Empty: they read MYSQL_URL',
  }),
  ...drawKeySettings,
  ORDER_NO_KEY: Type.String({
    default: '',
    description: 'As in the consumer: secrets of order numbers, for the orders of offers. Needed with DRAW_KEY',
  }),
  ...offerSettings,
  ...drawSettings,
  ...gatewaySettings,
  ...webhookSettings,
});

export type WorkerConfig = Static<typeof settingsSchema>;

/** The settings of the order-worker. Throws a SettingsError that names the invalid settings. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): WorkerConfig {
  const config = readSettings(settingsSchema, env);
  checkHostPorts('KAFKA_BROKERS', config.KAFKA_BROKERS);
  readKafkaAddress(config);
  checkSecrets(config, 'ORDER_RECORD_KEY', { needed: true });
  checkSecrets(config, 'DECISION_KEY', { needed: true });
  checkSecrets(config, 'WEBHOOK_KEY', { needed: false });
  checkSecrets(config, 'ORDER_NO_KEY', { needed: config.DRAW_KEY !== '' });
  checkSecrets(config, 'DRAW_KEY', { needed: false });
  checkUrls('DRAW_BEACON_URL', config.DRAW_BEACON_URL);
  return completeGateway(completeMysql(completeRedis(config)));
}
