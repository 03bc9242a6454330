import { Type } from 'typebox';
import { checkSecrets } from '../settings/check-secrets.ts';
import { type Environment, SettingsError } from '../settings/read-settings.ts';
import { parseSecretKeys } from '../settings/secret-keys.ts';
import type { PaymentGateway } from './payment-gateway.ts';
import { createSandboxGateway } from './sandbox-gateway.ts';

const SANDBOX_SECRET = 'whsec_Zm9yIHRyeWluZyBvdXQgb24gb25lJ3Mgb3duIG1hY2hpbmU=';

const SECRET = 'whsec_[A-Za-z0-9+/]{32,}={0,2}';

/** Settings of consumer and order-worker. */
export const gatewaySettings = {
  GATEWAY: Type.Enum(['sandbox', 'off'], {
    default: 'off',
    description:
      'Payment gateway. off: orders cannot be paid, and refunds wait. sandbox: a test page where a click pays, which NODE_ENV=production refuses',
  }),
  WEBHOOK_SECRET: Type.String({
    default: '',
    pattern: `^(${SECRET}(,${SECRET})*)?$`,
    description:
      'Secrets that sign the webhooks of the gateway (Standard Webhooks), separated by commas: whsec_ and base64 of at least 24 bytes. Empty: a known default, which NODE_ENV=production refuses',
  }),
};

type Settings = { GATEWAY: 'sandbox' | 'off'; WEBHOOK_SECRET: string; NODE_ENV: Environment };

/**
 * Checks the gateway settings together, and sets the default secret outside production. `needed`: whether the process uses the secret. Throws
 * a SettingsError.
 */
export function completeGateway<Config extends Settings>(config: Config, { needed }: { needed: boolean }): Config {
  if (config.NODE_ENV !== 'production') {
    checkSecrets(config, 'WEBHOOK_SECRET', { needed: false });
    return { ...config, WEBHOOK_SECRET: config.WEBHOOK_SECRET || SANDBOX_SECRET };
  }
  if (config.GATEWAY === 'sandbox') {
    throw new SettingsError('settings: GATEWAY=sandbox takes no money, which NODE_ENV=production refuses');
  }
  checkSecrets(config, 'WEBHOOK_SECRET', { needed });
  if (parseSecretKeys(config.WEBHOOK_SECRET).some(({ secret }) => secret === SANDBOX_SECRET)) {
    throw new SettingsError('settings: WEBHOOK_SECRET is the known default, which NODE_ENV=production refuses');
  }
  return config;
}

/** Creates the configured gateway; null: none. Add a case for each gateway. */
export function createGateway(
  name: 'sandbox' | 'off',
  options: { url: string; secret: string },
): PaymentGateway | null {
  switch (name) {
    case 'sandbox':
      return createSandboxGateway(options);
    case 'off':
      return null;
    default:
      return name satisfies never;
  }
}
