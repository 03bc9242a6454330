import { Type } from 'typebox';
import { identitySettings } from '../../../consumer/settings/identity-settings.ts';
import { readSettings } from '../../../proto/settings/read-settings.ts';

const { JWT_ISSUER, JWT_AUDIENCE } = identitySettings;
const locale = () => Type.String({ default: '' });
const settingsSchema = Type.Object({ JWT_ISSUER, JWT_AUDIENCE, LC_ALL: locale(), LC_CTYPE: locale(), LANG: locale() });

/** The issuer and audience of tokens, as of the consumers of npm start, and the locale of the terminal. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  return readSettings(settingsSchema, env);
}

/** Whether the terminal shows Unicode. Without a locale, as on many servers, it need not. */
export function showsUnicode({ LC_ALL, LC_CTYPE, LANG }: ReturnType<typeof readConfig> = readConfig()): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG);
}
