import { SettingsError } from '../proto/read-settings.ts';
import { SECRET_LENGTH, weakSecret } from '../proto/weak-secret.ts';

type Settings = {
  NODE_ENV: string;
  JWT_SECRET: string;
  JWKS_URL: string;
  ORDER_NO_KEY: string;
  PROVIDER_TOKEN: string;
  DEMO: 'on' | 'off';
};

/** What one setting's schema cannot say. Throws a SettingsError. */
export function checkSettings(settings: Settings): void {
  const { NODE_ENV, JWT_SECRET, JWKS_URL, DEMO } = settings;
  if (JWT_SECRET === '' && JWKS_URL === '') refuse('one of JWT_SECRET and JWKS_URL is needed');
  if (JWT_SECRET !== '' && JWKS_URL !== '') refuse('give JWT_SECRET or JWKS_URL, not both');
  if (JWT_SECRET !== '' && JWT_SECRET.length < SECRET_LENGTH) {
    refuse(`JWT_SECRET has fewer than ${SECRET_LENGTH} characters`);
  }
  if (DEMO === 'on' && JWT_SECRET === '') refuse('DEMO=on signs tokens itself, which needs JWT_SECRET');
  if (NODE_ENV !== 'production') return;
  if (DEMO === 'on') refuse('DEMO=on gives a token to anybody, which NODE_ENV=production refuses');
  for (const name of ['JWT_SECRET', 'ORDER_NO_KEY', 'PROVIDER_TOKEN'] as const) {
    const why = settings[name] === '' ? null : weakSecret(settings[name]);
    if (why !== null) refuse(`${name} ${why}, which NODE_ENV=production refuses`);
  }
}

function refuse(why: string): never {
  throw new SettingsError(`settings: ${why}`);
}
