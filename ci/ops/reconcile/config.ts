import path from 'node:path';
import { type Static, Type } from 'typebox';
import { completeMysql, mysqlTlsSettings } from '../../../db/mysql/mysql-settings.ts';
import { completeGateway, gatewaySettings } from '../../../proto/payments/configured/gateway-settings.ts';
import { processSettings, readSettings } from '../../../proto/settings/read-settings.ts';
import { UsageError } from '../../command/usage-error.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { findSystem } from '../../local/system/find-system.ts';
import { readOrMakeSecrets } from '../../local/system/plan-system.ts';

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

/** The settings of `npm run reconcile`, completed by what `npm start` chose for a system that runs. Throws a SettingsError or UsageError. */
export function findConfig(env: NodeJS.ProcessEnv = process.env): ReconcileConfig {
  const config = readConfig({ ...env, ...(env.MYSQL_URL || env.MYSQL_URL_FILE ? {} : settingsOfStart(env)) });
  if (config.MYSQL_URL) return config;
  throw new UsageError('no system is running: run npm start, or set MYSQL_URL');
}

function settingsOfStart({ NODE_ENV, WEBHOOK_SECRET }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const system = findSystem();
  if (!system) return {};
  return {
    MYSQL_URL: system.mysqlUrl,
    NODE_ENV: NODE_ENV || 'development',
    WEBHOOK_SECRET: WEBHOOK_SECRET || readOrMakeSecrets(path.join(root, '.local'), {}).WEBHOOK_SECRET,
  };
}
