import { completeRedis } from '../db/redis/redis-settings.ts';
import { completeGateway } from '../proto/payments/configured/gateway-settings.ts';
import { readSettings } from '../proto/settings/read-settings.ts';
import { checkSettings } from './settings/check-settings.ts';
import { type ConsumerConfig, settingsSchema } from './settings/settings-schema.ts';

/** The consumer's settings. Throws a SettingsError for an invalid setting. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): ConsumerConfig {
  const config = readSettings(settingsSchema, env);
  checkSettings(config);
  return completeGateway(completeRedis(config));
}
