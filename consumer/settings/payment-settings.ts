import { Type } from 'typebox';
import { gatewaySettings, stripeEventSettings } from '../../proto/payments/configured/gateway-settings.ts';

/** Settings of payments. */
export const paymentSettings = {
  ...gatewaySettings,
  ...stripeEventSettings,
  PUBLIC_URL: Type.String({
    default: '',
    pattern: '^(https?://[^/?#]+)?$',
    description:
      'Public URL of this system, such as https://sale.example, to which buyers return after a payment. Empty: the Host of the request, which NODE_ENV=production refuses',
  }),
  GATEWAY_WEBHOOK_URL: Type.String({
    default: '',
    pattern: '^(https?://[^/]+/.+)?$',
    description: 'URL to which the sandbox gateway sends webhooks. Empty: /api/v1/payments/webhook of this consumer',
  }),
  SANDBOX_WEBHOOK_DELAY_MS: Type.Integer({
    minimum: 0,
    maximum: 600_000,
    default: 500,
    description: 'Delay of the sandbox gateway’s webhook after the click on its page',
    unit: 'ms',
  }),
};
