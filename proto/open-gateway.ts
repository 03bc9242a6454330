import { Type } from 'typebox';
import type { PaymentGateway } from './payment-gateway.ts';
import { SettingsError } from './read-settings.ts';
import { sandboxGateway } from './sandbox-gateway.ts';
import { weakSecret } from './weak-secret.ts';

const SANDBOX_SECRET = 'whsec_Zm9yIHRyeWluZyBvdXQgb24gb25lJ3Mgb3duIG1hY2hpbmU=';

/** Settings of consumer and order-worker. */
export const gatewaySettings = {
  GATEWAY: Type.Enum(['sandbox', 'off'], {
    default: 'sandbox',
    description:
      'Who takes the money. sandbox: a page of our own where everybody may say that he has paid, refused with NODE_ENV=production; off: nothing can be paid, refunds wait',
  }),
  WEBHOOK_SECRET: Type.String({
    default: SANDBOX_SECRET,
    pattern: '^whsec_[A-Za-z0-9+/]{32,}={0,2}$',
    description:
      'Secret that the gateway signs its webhooks with (Standard Webhooks): whsec_ and base64 of at least 24 bytes',
  }),
};

type Settings = { GATEWAY: 'sandbox' | 'off'; WEBHOOK_SECRET: string; NODE_ENV: string };

/** What one setting's schema cannot say. Throws a SettingsError. */
export function checkGatewaySettings({ GATEWAY, WEBHOOK_SECRET, NODE_ENV }: Settings): void {
  if (NODE_ENV !== 'production') return;
  // DEMO=on is no way around it: that is refused in production too.
  if (GATEWAY === 'sandbox') {
    throw new SettingsError('settings: GATEWAY=sandbox takes no money, which NODE_ENV=production refuses');
  }
  const why = WEBHOOK_SECRET === SANDBOX_SECRET ? 'is the known default' : weakSecret(WEBHOOK_SECRET);
  if (why) throw new SettingsError(`settings: WEBHOOK_SECRET ${why}, which NODE_ENV=production refuses`);
}

/** The gateway that the settings name; null: none. One line here for each there is. */
export function openGateway(name: 'sandbox' | 'off', options: { url: string; secret: string }): PaymentGateway | null {
  switch (name) {
    case 'sandbox':
      return sandboxGateway(options);
    case 'off':
      return null;
    default:
      return name satisfies never;
  }
}
