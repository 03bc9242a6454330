import { type Static, Type } from 'typebox';
import { completeMysql, mysqlTlsSettings } from '../../../db/mysql/mysql-settings.ts';
import { completeGateway, gatewaySettings } from '../../../proto/payments/configured/gateway-settings.ts';
import { processSettings, readSettings } from '../../../proto/settings/read-settings.ts';

/** Settings of an order-worker, described there. */
export const settingsSchema = Type.Object({
  NODE_ENV: processSettings.NODE_ENV,
  MYSQL_URL: Type.String({ default: '', pattern: '^(mysql://.*)?$' }),
  ...mysqlTlsSettings,
  ...gatewaySettings,
});

export type ReconcileConfig = Static<typeof settingsSchema>;

/** The settings of `npm run reconcile`. Throws a SettingsError. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): ReconcileConfig {
  return completeGateway(completeMysql(readSettings(settingsSchema, env)));
}
