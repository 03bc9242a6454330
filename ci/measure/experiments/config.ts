import { type Static, Type } from 'typebox';
import { completeMysql, mysqlTlsSettings } from '../../../db/mysql/mysql-settings.ts';
import { completeRedis, redisSettings } from '../../../db/redis/redis-settings.ts';
import { checkSecrets } from '../../../proto/settings/check-secrets.ts';
import { grpcClientSettings, readGrpcClientTls } from '../../../proto/settings/grpc-tls.ts';
import { processSettings, readSettings, SettingsError } from '../../../proto/settings/read-settings.ts';

export const settingsSchema = Type.Object({
  ...processSettings,
  SYSTEM_URL: Type.String({
    default: 'http://127.0.0.1:8080',
    pattern: '^https?://[^/]+$',
    description: 'URL of nginx, where the buyers of an experiment send their orders',
  }),
  PROVIDERS: Type.String({
    default: '127.0.0.1:50051',
    minLength: 1,
    description: 'Providers, which create the stocks: IPv4 addresses host:port, separated by commas, or one name:port',
  }),
  PROVIDER_TOKEN: Type.String({
    default: '',
    pattern: '^[!-~]*$',
    description: 'Secrets for calls to providers, separated by commas; the first one is sent. Empty: none is sent',
  }),
  MYSQL_URL: Type.String({ pattern: '^mysql://', description: 'mysql://user:password@host:port/database' }),
  ...mysqlTlsSettings,
  ...grpcClientSettings,
  ...redisSettings,
  EXPERIMENT_MAX: Type.Integer({
    minimum: 1,
    maximum: 3600,
    default: 300,
    description: 'Time limit of an experiment, after which it has failed',
    unit: 's',
  }),
});

export type RunnerConfig = Static<typeof settingsSchema>;

/** The settings of the process that runs experiments. Throws a SettingsError. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): RunnerConfig {
  const config = readSettings(settingsSchema, env);
  if (config.NODE_ENV === 'production') {
    throw new SettingsError('settings: experiments need LADDER=on, which NODE_ENV=production refuses');
  }
  checkSecrets(config, 'PROVIDER_TOKEN', { needed: false });
  readGrpcClientTls(config);
  return completeMysql(completeRedis(config));
}
