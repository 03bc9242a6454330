import { isIP } from 'node:net';
import { checkHostPorts, checkPorts } from '../../proto/settings/check-addresses.ts';
import { checkSecrets } from '../../proto/settings/check-secrets.ts';
import { checkDeadlines } from '../../proto/settings/deadlines.ts';
import { readGrpcClientTls } from '../../proto/settings/grpc-tls.ts';
import { SettingsError } from '../../proto/settings/read-settings.ts';
import { parseRoleNames } from './parse-role-names.ts';
import type { ConsumerConfig } from './settings-schema.ts';

/** Checks rules that a schema cannot express. Throws a SettingsError. */
export function checkSettings(settings: ConsumerConfig): void {
  checkAddresses(settings);
  // Without a risk service no order waits for it.
  checkDeadlines(settings.RISK_URL === '' ? { ...settings, RISK_DEADLINE_MS: 0 } : settings);
  checkIdentity(settings);
  if (settings.NODE_ENV !== 'production') return;
  if (settings.PUBLIC_URL === '')
    refuse('PUBLIC_URL is required: NODE_ENV=production does not use the Host of requests');
  if (settings.DEMO === 'on') refuse('DEMO=on creates tokens for every caller, which NODE_ENV=production refuses');
  if (settings.LADDER === 'on') refuse('LADDER=on sells without a token, which NODE_ENV=production refuses');
}

function checkIdentity(settings: ConsumerConfig): void {
  const { JWT_SECRET, JWKS_URL, DEMO, ROLES_CLAIM, ROLE_NAMES } = settings;
  if (JWT_SECRET === '' && JWKS_URL === '') refuse('one of JWT_SECRET and JWKS_URL is required');
  if (JWT_SECRET !== '' && JWKS_URL !== '') refuse('set JWT_SECRET or JWKS_URL, not both');
  if (DEMO === 'on' && JWT_SECRET === '') refuse('DEMO=on signs tokens and needs JWT_SECRET');
  // Other applications may share the claim: their "admin" is not an administrator of this system.
  if (parseRoleNames(ROLE_NAMES).size === 0 && ROLES_CLAIM !== 'roles') {
    refuse('ROLE_NAMES is required when ROLES_CLAIM is not roles');
  }
  if (DEMO === 'on' && (ROLES_CLAIM !== 'roles' || ROLE_NAMES !== '' || settings.BUYER_CLAIM !== 'sub')) {
    refuse(
      'DEMO=on creates tokens with sub and roles, and needs the defaults of BUYER_CLAIM, ROLES_CLAIM and ROLE_NAMES',
    );
  }
  if (settings.DEVICE_LIMIT > 0 && settings.DEVICE_CLAIM === '') refuse('DEVICE_LIMIT needs DEVICE_CLAIM');
  checkSecrets(settings, 'JWT_SECRET', { needed: JWKS_URL === '' });
  checkSecrets(settings, 'ORDER_NO_KEY', { needed: true });
  checkSecrets(settings, 'DECISION_KEY', { needed: true });
  checkSecrets(settings, 'ADMISSION_KEY', { needed: settings.ADMISSION === 'proof' });
  checkSecrets(settings, 'PROVIDER_TOKEN', { needed: settings.NODE_ENV === 'production' });
}

function checkAddresses(settings: ConsumerConfig): void {
  const { PROVIDERS, TRUST_PROXY, CONSUMER_PORT, METRICS_PORT } = settings;
  checkHostPorts('PROVIDERS', PROVIDERS);
  readGrpcClientTls(settings);
  checkPorts({ CONSUMER_PORT, METRICS_PORT });
  const wrong = TRUST_PROXY.split(',').find((address) => !isProxyAddress(address.trim()));
  if (wrong !== undefined) refuse(`TRUST_PROXY has '${wrong}', which is not an address`);
}

/** An address, a network (10.0.0.0/8), or a name that Fastify defines. */
function isProxyAddress(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const maxBits = [0, 0, 0, 0, 32, 0, 128][isIP(address)] ?? 0;
  return (
    maxBits > 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= maxBits))
  );
}

function refuse(reason: string): never {
  throw new SettingsError(`settings: ${reason}`);
}
