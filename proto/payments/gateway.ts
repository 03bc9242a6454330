import { Type } from 'typebox';
import { checkSecrets } from '../settings/check-secrets.ts';
import { type Environment, SettingsError } from '../settings/read-settings.ts';
import { parseSecretKeys } from '../settings/secret-keys.ts';
import type { PaymentGateway } from './payment-gateway.ts';
import { sandboxGateway } from './sandbox-gateway.ts';

const SANDBOX_SECRET = 'whsec_Zm9yIHRyeWluZyBvdXQgb24gb25lJ3Mgb3duIG1hY2hpbmU=';

const ONE_SECRET = 'whsec_[A-Za-z0-9+/]{32,}={0,2}';

/** Settings of consumer and order-worker. */
export const gatewaySettings = {
  GATEWAY: Type.Enum(['sandbox', 'off'], {
    default: 'off',
    description:
      'Who takes the money. off: nothing can be paid, refunds wait; sandbox: a page of our own where a click says that the buyer has paid, which NODE_ENV=production refuses',
  }),
  WEBHOOK_SECRET: Type.String({
    default: '',
    pattern: `^(${ONE_SECRET}(,${ONE_SECRET})*)?$`,
    description:
      'Secrets that the gateway signs its webhooks with (Standard Webhooks), with commas: whsec_ and base64 of at least 24 bytes. Empty: a known one, which NODE_ENV=production refuses',
  }),
};

type Settings = { GATEWAY: 'sandbox' | 'off'; WEBHOOK_SECRET: string; NODE_ENV: Environment };

/**
 * Checks what one setting's schema cannot say, and fills in the known secret outside production. `needed`: whether the process
 * signs or verifies with it. Throws a SettingsError.
 */
export function completeGateway<Config extends Settings>(config: Config, { needed }: { needed: boolean }): Config {
  if (config.NODE_ENV !== 'production') {
    checkSecrets(config, 'WEBHOOK_SECRET', { needed: false });
    return { ...config, WEBHOOK_SECRET: config.WEBHOOK_SECRET || SANDBOX_SECRET };
  }
  // DEMO=on is no way around it: that is refused in production too.
  if (config.GATEWAY === 'sandbox') {
    throw new SettingsError('settings: GATEWAY=sandbox takes no money, which NODE_ENV=production refuses');
  }
  checkSecrets(config, 'WEBHOOK_SECRET', { needed });
  if (parseSecretKeys(config.WEBHOOK_SECRET).some(({ secret }) => secret === SANDBOX_SECRET)) {
    throw new SettingsError('settings: WEBHOOK_SECRET is the known default, which NODE_ENV=production refuses');
  }
  return config;
}

/** The gateway that the settings name; null: none. One line here for each there is. */
export function createGateway(
  name: 'sandbox' | 'off',
  options: { url: string; secret: string },
): PaymentGateway | null {
  switch (name) {
    case 'sandbox':
      return sandboxGateway(options);
    case 'off':
      return null;
    default:
      return name satisfies never;
  }
}
