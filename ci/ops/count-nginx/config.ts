import { type Static, Type } from 'typebox';
import { redisSettings } from '../../../db/redis/redis-settings.ts';
import { checkUrls } from '../../../proto/settings/check-addresses.ts';
import { processSettings, readSettings } from '../../../proto/settings/read-settings.ts';

const { PROCESS_NAME, LOG_LEVEL } = processSettings;
const settingsSchema = Type.Object({
  PROCESS_NAME,
  LOG_LEVEL,
  ...redisSettings,
  ORDERS_LOG: Type.String({ minLength: 1, description: 'File that nginx writes in its format `orders`' }),
  NGINX_PID: Type.String({
    default: '',
    description: 'File with the pid of nginx; empty: its CPU time and memory are not read',
  }),
});

export type CountConfig = Static<typeof settingsSchema>;

export function readConfig(env: NodeJS.ProcessEnv = process.env): CountConfig {
  const config = readSettings(settingsSchema, env);
  checkUrls('REDIS_URL', config.REDIS_URL);
  return config;
}
