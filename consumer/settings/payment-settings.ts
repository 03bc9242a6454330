import { Type } from 'typebox';
import { gatewaySettings } from '../../proto/payments/gateway.ts';

/** The consumer's settings about payments. */
export const paymentSettings = {
  ...gatewaySettings,
  PUBLIC_URL: Type.String({
    default: '',
    pattern: '^(https?://[^/?#]+)?$',
    description:
      'Address that buyers know us by, such as https://sale.example, where they go to pay and return to; empty: the Host of the request, which NODE_ENV=production refuses',
  }),
  GATEWAY_WEBHOOK_URL: Type.String({
    default: '',
    pattern: '^(https?://[^/]+/.+)?$',
    description: 'Where the sandbox gateway sends its webhooks; empty: /api/v1/payments/webhook of this consumer',
  }),
  SANDBOX_WEBHOOK_DELAY_MS: Type.Integer({
    minimum: 0,
    maximum: 600_000,
    default: 500,
    description: 'Time from the click on the sandbox gateway’s page to its webhook',
    unit: 'ms',
  }),
};
