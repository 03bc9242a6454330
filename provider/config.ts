import { type Static, Type } from 'typebox';
import { completeMysql, mysqlTlsSettings } from '../db/mysql/mysql-settings.ts';
import { completeRedis, redisSettings } from '../db/redis/redis-settings.ts';
import { MAX_QUANTITY } from '../proto/messages/order-details.ts';
import { COMPACT_VERSION, SINGLE_VERSION } from '../proto/messages/order-record.ts';
import { checkHostPorts, checkPorts } from '../proto/settings/check-addresses.ts';
import { checkSecrets } from '../proto/settings/check-secrets.ts';
import { cooldownSettings } from '../proto/settings/cooldown-settings.ts';
import { checkDeadlines, deadlineSettings } from '../proto/settings/deadlines.ts';
import { grpcServerSettings, readGrpcServerTls } from '../proto/settings/grpc-tls.ts';
import { readKafkaAddress } from '../proto/settings/kafka-security.ts';
import { orderDetailsSettings, orderPathSettings } from '../proto/settings/order-path-settings.ts';
import { drainSettings, processSettings, readSettings } from '../proto/settings/read-settings.ts';
import { recordKeySettings } from '../proto/settings/signing-settings.ts';
import { warmUpSettings } from '../proto/settings/warm-up-settings.ts';
import { webhookSettings } from '../proto/settings/webhook-settings.ts';
import { traceSettings } from '../proto/traces/trace-settings.ts';
import { checkDrawSettings, drawSettings } from './draw-settings.ts';

export const settingsSchema = Type.Object({
  ...processSettings,
  ...drainSettings,
  ...warmUpSettings,
  ...traceSettings,
  PROVIDER_PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 50051, description: 'gRPC port', unit: 'port' }),
  PROVIDER_TOKEN: Type.String({
    default: '',
    pattern: '^[!-~]*$',
    description:
      'Secrets separated by commas, of which every client must send one. Empty: no authentication, which NODE_ENV=production refuses',
  }),
  PROVIDER_HOST: Type.String({ default: '127.0.0.1', description: 'Address that the gRPC server listens on' }),
  ...grpcServerSettings,
  MYSQL_URL: Type.String({ pattern: '^mysql://', description: 'mysql://user:password@host:port/database' }),
  ...mysqlTlsSettings,
  MYSQL_POOL: Type.Integer({ minimum: 1, maximum: 200, default: 20, description: 'Maximum connections to MySQL' }),
  MYSQL_PAYMENT_POOL: Type.Integer({
    minimum: 3,
    maximum: 50,
    default: 6,
    description: 'Maximum connections to MySQL for payments, besides MYSQL_POOL',
  }),
  MYSQL_STATEMENT_MS: Type.Integer({
    minimum: 50,
    maximum: 60_000,
    default: 1000,
    description: 'Maximum time of one SQL statement',
    unit: 'ms',
  }),
  MYSQL_ACQUIRE_MS: Type.Integer({
    minimum: 50,
    maximum: 60_000,
    default: 2500,
    description: 'Maximum wait for a free connection; orders of the ladder wait here',
    unit: 'ms',
  }),
  ...redisSettings,
  ...cooldownSettings,
  ...orderPathSettings,
  ...orderDetailsSettings,
  ...deadlineSettings,
  ...recordKeySettings,
  UNIQUE_STOCK_REFERENCES: Type.Enum(['on', 'off'], {
    default: 'off',
    description: 'on: a stock cannot be given the reference of another one that was stored with this setting',
  }),
  ...webhookSettings,
  ...drawSettings,
  MAX_PER_ORDER: Type.Integer({
    minimum: 1,
    maximum: MAX_QUANTITY,
    default: 1,
    description:
      'Highest maxPerOrder that a stock can have. Above 1 only when all processes run a release that knows quantities (docs/how-to/upgrade.md)',
    unit: 'units',
  }),
  RECORD_VERSION: Type.Integer({
    minimum: SINGLE_VERSION,
    maximum: COMPACT_VERSION,
    default: COMPACT_VERSION,
    description:
      '3: records of up to 500 orders; 2: records of one order, which order-workers of releases before read too (docs/releases.md)',
  }),
});

export type ProviderConfig = Static<typeof settingsSchema>;

/** Reads and checks the settings of the provider. Throws a SettingsError. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): ProviderConfig {
  const config = readSettings(settingsSchema, env);
  checkSecrets(config, 'ORDER_RECORD_KEY', { needed: true });
  checkSecrets(config, 'WEBHOOK_KEY', { needed: false });
  checkDrawSettings(config);
  checkSecrets(config, 'PROVIDER_TOKEN', { needed: config.NODE_ENV === 'production' });
  checkHostPorts('KAFKA_BROKERS', config.KAFKA_BROKERS);
  readKafkaAddress(config);
  readGrpcServerTls(config);
  checkPorts({ PROVIDER_PORT: config.PROVIDER_PORT, METRICS_PORT: config.METRICS_PORT });
  checkDeadlines(config);
  return completeMysql(completeRedis(config));
}
