import { Type } from 'typebox';
import { checkSecrets } from '../../settings/check-secrets.ts';
import { type Environment, SettingsError } from '../../settings/read-settings.ts';
import { parseSecretKeys } from '../../settings/secret-keys.ts';

const SANDBOX_SECRET = 'whsec_Zm9yIHRyeWluZyBvdXQgb24gb25lJ3Mgb3duIG1hY2hpbmU=';

const SECRET = 'whsec_[A-Za-z0-9+/]{32,}={0,2}';

export type GatewayName = 'sandbox' | 'http' | 'stripe' | 'off';

/** Settings of consumer and order-worker. */
export const gatewaySettings = {
  GATEWAY: Type.Enum(['sandbox', 'http', 'stripe', 'off'], {
    default: 'off',
    description:
      'Payment gateway (docs/how-to/payment-gateway.md). off: orders cannot be paid, and refunds wait. sandbox: a test page where a click pays, which NODE_ENV=production refuses. http: a service of your own. stripe: Checkout of Stripe',
  }),
  GATEWAY_URL: Type.String({
    default: '',
    pattern: '^(https?://[^/]+(/.*)?[^/])?$',
    description:
      'http: base URL of your payment service. sandbox: where refunds are sent, /sandbox-gateway at a consumer or at nginx; empty: http://127.0.0.1:3000/sandbox-gateway',
  }),
  WEBHOOK_SECRET: Type.String({
    default: '',
    pattern: `^(${SECRET}(,${SECRET})*)?$`,
    description:
      'Secrets that sign events, and calls of your payment service (Standard Webhooks), separated by commas: whsec_ and base64 of at least 24 bytes. Empty: a known default, which NODE_ENV=production refuses; with GATEWAY=stripe it is not needed',
  }),
  STRIPE_SECRET_KEY: Type.String({
    default: '',
    pattern: '^((sk|rk)_(test|live)_[A-Za-z0-9]{16,})?$',
    description:
      'stripe: secret or restricted key of the API. NODE_ENV=production refuses test keys. Restricted: write Checkout Sessions and Refunds, read Payment Intents, Charges and Disputes',
  }),
  STRIPE_API_URL: Type.String({
    default: 'https://api.stripe.com',
    pattern: '^https?://[^/?#]+$',
    description: 'stripe: origin of its API, or of a proxy in front of it; NODE_ENV=production refuses http://',
  }),
};

/** Only the consumer receives events. */
export const stripeEventSettings = {
  STRIPE_WEBHOOK_SECRET: Type.String({
    default: '',
    pattern: '^(whsec_[A-Za-z0-9]{24,}(,whsec_[A-Za-z0-9]{24,})*)?$',
    description: 'stripe: signing secrets of the webhook endpoint; during a rotation several, separated by commas',
  }),
};

export type GatewayConfig = {
  GATEWAY: GatewayName;
  GATEWAY_URL: string;
  WEBHOOK_SECRET: string;
  STRIPE_SECRET_KEY: string;
  STRIPE_API_URL: string;
  /** Absent in a process that receives no events. */
  STRIPE_WEBHOOK_SECRET?: string;
  NODE_ENV: Environment;
};

/** Checks the gateway settings together, and sets the default secret outside production. Throws a SettingsError. */
export function completeGateway<Config extends GatewayConfig>(config: Config): Config {
  const { GATEWAY, NODE_ENV } = config;
  if (GATEWAY === 'http' && config.GATEWAY_URL === '') refuse('GATEWAY=http needs GATEWAY_URL');
  if (GATEWAY === 'stripe') checkStripe(config);
  if (NODE_ENV !== 'production') {
    checkSecrets(config, 'WEBHOOK_SECRET', { needed: false });
    return { ...config, WEBHOOK_SECRET: config.WEBHOOK_SECRET || SANDBOX_SECRET };
  }
  if (GATEWAY === 'sandbox') refuse('GATEWAY=sandbox takes no money, which NODE_ENV=production refuses');
  checkSecrets(config, 'WEBHOOK_SECRET', { needed: needsWebhookSecret(config) });
  if (parseSecretKeys(config.WEBHOOK_SECRET).some(({ secret }) => secret === SANDBOX_SECRET)) {
    refuse('WEBHOOK_SECRET is the known default, which NODE_ENV=production refuses');
  }
  return config;
}

function checkStripe(config: GatewayConfig): void {
  const { STRIPE_SECRET_KEY, STRIPE_API_URL, STRIPE_WEBHOOK_SECRET, NODE_ENV } = config;
  if (STRIPE_SECRET_KEY === '') refuse('GATEWAY=stripe needs STRIPE_SECRET_KEY');
  if (STRIPE_WEBHOOK_SECRET !== undefined) {
    checkSecrets({ NODE_ENV, STRIPE_WEBHOOK_SECRET }, 'STRIPE_WEBHOOK_SECRET', { needed: true });
  }
  if (NODE_ENV !== 'production') return;
  if (/^.._test_/.test(STRIPE_SECRET_KEY)) {
    refuse('STRIPE_SECRET_KEY is a test key, which takes no money and which NODE_ENV=production refuses');
  }
  if (!STRIPE_API_URL.startsWith('https:')) {
    refuse('STRIPE_API_URL is http, which would show the secret key and which NODE_ENV=production refuses');
  }
}

/** A consumer has the route for events with every gateway; an order-worker only calls. */
function needsWebhookSecret({ GATEWAY, STRIPE_WEBHOOK_SECRET }: GatewayConfig): boolean {
  const receivesEvents = STRIPE_WEBHOOK_SECRET !== undefined;
  return GATEWAY === 'http' || (receivesEvents && GATEWAY !== 'stripe');
}

function refuse(reason: string): never {
  throw new SettingsError(`settings: ${reason}`);
}
