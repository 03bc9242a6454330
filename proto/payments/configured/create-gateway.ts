import { createHttpGateway } from '../http/http-gateway.ts';
import type { PaymentGateway } from '../payment-gateway.ts';
import { createSandboxGateway } from '../sandbox-gateway.ts';
import type { GatewayConfig } from './gateway-settings.ts';

const LOCAL_SANDBOX = 'http://127.0.0.1:3000/sandbox-gateway';

/** Creates the configured gateway; null: none. Add a case for each gateway. */
export async function createGateway(config: Omit<GatewayConfig, 'NODE_ENV'>): Promise<PaymentGateway | null> {
  const { GATEWAY, GATEWAY_URL, WEBHOOK_SECRET: secret } = config;
  switch (GATEWAY) {
    case 'sandbox':
      return createSandboxGateway({ url: GATEWAY_URL || LOCAL_SANDBOX, secret });
    case 'http':
      return createHttpGateway({ url: GATEWAY_URL, secret });
    case 'stripe': {
      // Loaded only here: it takes 12 MB of memory and 0.1 s.
      const { createStripeGateway } = await import('../stripe/stripe-gateway.ts');
      return createStripeGateway({ secretKey: config.STRIPE_SECRET_KEY, apiUrl: config.STRIPE_API_URL });
    }
    case 'off':
      return null;
    default:
      return GATEWAY satisfies never;
  }
}
