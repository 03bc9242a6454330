import { Type } from 'typebox';
import { identitySettings } from '../../../consumer/settings/identity-settings.ts';
import { readSettings } from '../../../proto/settings/read-settings.ts';

const { JWT_ISSUER, JWT_AUDIENCE } = identitySettings;
const settingsSchema = Type.Object({ JWT_ISSUER, JWT_AUDIENCE });

/** The issuer and audience of tokens; the consumers of npm start have the same environment. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  return readSettings(settingsSchema, env);
}
