import { Type } from 'typebox';
import { identitySettings } from '../../../consumer/settings/identity-settings.ts';
import { readSettings } from '../../../proto/settings/read-settings.ts';

const { JWT_ISSUER, JWT_AUDIENCE } = identitySettings;
const settingsSchema = Type.Object({ JWT_ISSUER, JWT_AUDIENCE });

/** What a token must say that this machine's consumers take; npm start hands the same environment on to them. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  return readSettings(settingsSchema, env);
}
