import { isIP } from 'node:net';
import { checkHostPorts, checkPorts, checkUrls } from '../../proto/settings/check-addresses.ts';
import { checkSecrets } from '../../proto/settings/check-secrets.ts';
import { checkDeadlines } from '../../proto/settings/deadlines.ts';
import { type Environment, SettingsError } from '../../proto/settings/read-settings.ts';

type Settings = {
  NODE_ENV: Environment;
  JWT_SECRET: string;
  JWKS_URL: string;
  ORDER_NO_KEY: string;
  DECISION_KEY: string;
  PROVIDER_TOKEN: string;
  DEMO: 'on' | 'off';
  LADDER: 'on' | 'off';
  ORDER_WAIT_MS: number;
  CALL_DEADLINE_MS: number;
  APPEND_DEADLINE_MS: number;
  DIRECT_DEADLINE_MS: number;
  CONSUMER_PORT: number;
  METRICS_PORT: number;
  TRUST_PROXY: string;
  PROVIDERS: string;
  PUBLIC_URL: string;
  REDIS_URL: string;
};

/** What one setting's schema cannot say. Throws a SettingsError. */
export function checkSettings(settings: Settings): void {
  checkAddresses(settings);
  checkDeadlines(settings);
  checkIdentity(settings);
  if (settings.NODE_ENV !== 'production') return;
  if (settings.PUBLIC_URL === '') refuse('PUBLIC_URL is needed: NODE_ENV=production takes it from no request');
  if (settings.DEMO === 'on') refuse('DEMO=on gives a token to anybody, which NODE_ENV=production refuses');
  if (settings.LADDER === 'on') refuse('LADDER=on sells without a token, which NODE_ENV=production refuses');
}

function checkIdentity(settings: Settings): void {
  const { JWT_SECRET, JWKS_URL, DEMO } = settings;
  if (JWT_SECRET === '' && JWKS_URL === '') refuse('one of JWT_SECRET and JWKS_URL is needed');
  if (JWT_SECRET !== '' && JWKS_URL !== '') refuse('give JWT_SECRET or JWKS_URL, not both');
  if (DEMO === 'on' && JWT_SECRET === '') refuse('DEMO=on signs tokens itself, which needs JWT_SECRET');
  checkSecrets(settings, 'JWT_SECRET', { needed: JWKS_URL === '' });
  checkSecrets(settings, 'ORDER_NO_KEY', { needed: true });
  checkSecrets(settings, 'DECISION_KEY', { needed: true });
  checkSecrets(settings, 'PROVIDER_TOKEN', { needed: settings.NODE_ENV === 'production' });
}

function checkAddresses({ REDIS_URL, PROVIDERS, TRUST_PROXY, CONSUMER_PORT, METRICS_PORT }: Settings): void {
  checkUrls('REDIS_URL', REDIS_URL);
  checkHostPorts('PROVIDERS', PROVIDERS);
  checkPorts({ CONSUMER_PORT, METRICS_PORT });
  const wrong = TRUST_PROXY.split(',').find((one) => !isProxyAddress(one.trim()));
  if (wrong !== undefined) refuse(`TRUST_PROXY has '${wrong}', which is no address`);
}

/** An address, a network (10.0.0.0/8), or one of Fastify's names for some. */
function isProxyAddress(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const most = [0, 0, 0, 0, 32, 0, 128][isIP(address)] ?? 0;
  return most > 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}

function refuse(why: string): never {
  throw new SettingsError(`settings: ${why}`);
}
