import { type Static, Type } from 'typebox';
import { completeMysql, mysqlTlsSettings } from '../../../db/mysql/mysql-settings.ts';
import { MIN_KEPT_DAYS } from '../../../db/stocks/purge-rules.ts';
import { ORDER_RETENTION_DAYS } from '../../../proto/kafka/topics.ts';
import { readSettings, SettingsError } from '../../../proto/settings/read-settings.ts';

export const settingsSchema = Type.Object({
  MYSQL_URL: Type.String({
    default: '',
    pattern: '^(mysql://.*)?$',
    description: 'mysql://user:password@host:port/database; empty: the database of npm start',
  }),
  MYSQL_PURGE_URL: Type.String({
    default: '',
    pattern: '^(mysql://.*)?$',
    description: 'The same for a user who may delete; empty: MYSQL_URL',
  }),
  ...mysqlTlsSettings,
  KEEP_REFUSALS_FOR: Type.Integer({
    minimum: 1,
    maximum: 36_500,
    default: 30,
    description: `Retention of sold-out and duplicate orders and of published events: at least ${MIN_KEPT_DAYS} days, one more than the log’s ${ORDER_RETENTION_DAYS}`,
    unit: 'days',
  }),
});

export type PurgeConfig = Static<typeof settingsSchema>;

/** The settings of `npm run purge`; `keepDays` of the command line overrides the environment. Throws a SettingsError. */
export function readConfig(keepDays?: string, env: NodeJS.ProcessEnv = process.env): PurgeConfig {
  const config = readSettings(settingsSchema, keepDays === undefined ? env : { ...env, KEEP_REFUSALS_FOR: keepDays });
  if (config.KEEP_REFUSALS_FOR < MIN_KEPT_DAYS) {
    throw new SettingsError(
      `KEEP_REFUSALS_FOR: ${config.KEEP_REFUSALS_FOR} days are fewer than ${MIN_KEPT_DAYS}. The log keeps records for ${ORDER_RETENTION_DAYS} days, and a late copy of a purged order would be decided again`,
    );
  }
  return completeMysql(config);
}
