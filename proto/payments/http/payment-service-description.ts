import {
  newPaymentSchema,
  newRefundSchema,
  paymentUpdatedSchema,
  servicePaymentSchema,
  serviceRefundsSchema,
} from './payment-service-schemas.ts';

const description = `The payment service of a shop, which this system calls with \`GATEWAY=http\`. You implement it; the system is the client.

**Signatures.** Every call is signed like a Standard Webhook (standardwebhooks.com) with the first secret of \`WEBHOOK_SECRET\`: the headers
\`webhook-id\`, \`webhook-timestamp\` and \`webhook-signature\` sign the raw body, which is empty for calls without a body. Verify the signature
with a library of Standard Webhooks, accept a difference of 300 s, and compare \`webhook-id\` with the call, as each operation below describes: the
method and the path are not signed otherwise. Answer 401 if something does not fit. Answers are not signed: use HTTPS unless the network is yours.

**Repeats.** Every call may come again at any time, also after you have answered it, and two may come at once. A repeat has the same effect as one call and is
answered with the present state. The system repeats a call that was not answered with 2xx and a body of this description; nothing changes until
then. It waits 2 s for a payment page and for a state, and 4 s for an end and for a refund. It follows no redirects and reads at most 64 KB.

**Events.** When the state of a payment changes, a refund is decided, or a dispute opens or closes, send the event \`payment.updated\` to
\`/api/v1/payments/webhook\` of the system, signed with the same secret. It is only a hint, upon which the system reads the payment. Send it again
until it is answered with 2xx. A payment whose event is lost is found later: the system reads open payments with growing pauses.`;

const paymentId = {
  name: 'paymentId',
  in: 'path',
  required: true,
  description: 'Number of the payment, created by the system; up to 100 letters, digits, `_` and `-`',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,100}$' },
};

const webhookId = (form: string) => ({
  name: 'webhook-id',
  in: 'header',
  required: true,
  description: `\`${form}\``,
  schema: { type: 'string' },
});

const json = (schema: object) => ({ 'application/json': { schema } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const problems = {
  401: { description: 'The signature or the `webhook-id` is not valid' },
  404: { description: 'The payment is not known' },
};

const payment = { 200: { description: 'The payment', content: json(ref('Payment')) } };
const refunds = { 200: { description: 'All refunds of the payment', content: json(ref('Refunds')) } };

/** The description of the shop's payment service: OpenAPI 3.1. */
export const paymentServiceDescription = {
  openapi: '3.1.0',
  info: {
    title: 'Payment service of a shop',
    version: '1.0.0',
    description,
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '{GATEWAY_URL}', variables: { GATEWAY_URL: { default: 'https://payments.shop.example' } } }],
  tags: [
    { name: 'payments', description: 'Payments of orders' },
    { name: 'refunds', description: 'Refunds of payments' },
  ],
  security: [{ standardWebhook: [] }],
  paths: {
    '/payments/{paymentId}': {
      parameters: [paymentId],
      put: {
        operationId: 'createPayment',
        summary: 'Create a payment',
        description: [
          'Opens a payment page, or returns the page that exists. A repeat has the same body. With another body answer 409 and change nothing.',
          'Charge at most once for each `paymentId`, whatever the buyer does on the page.',
        ].join(' '),
        tags: ['payments'],
        parameters: [webhookId('create-{paymentId}')],
        requestBody: { required: true, content: json(ref('NewPayment')) },
        responses: Object.assign({}, payment, {
          401: problems[401],
          409: { description: 'The payment exists with other parameters' },
        }),
      },
      get: {
        operationId: 'readPayment',
        summary: 'Read the state of a payment',
        description: 'The state of now, not of a cache. Money counts as paid only by this answer.',
        tags: ['payments'],
        parameters: [webhookId('read-{paymentId}')],
        responses: Object.assign({}, payment, problems),
      },
    },
    '/payments/{paymentId}/end': {
      parameters: [paymentId],
      post: {
        operationId: 'endPayment',
        summary: 'End a payment',
        description: [
          'Closes the payment page. Answer `ended` only if no money can come any more. If it is too late, answer with `processing` or `paid`;',
          'the system then waits for the money or refunds it. An ended payment stays ended.',
        ].join(' '),
        tags: ['payments'],
        parameters: [webhookId('end-{paymentId}')],
        responses: Object.assign({}, payment, problems),
      },
    },
    '/payments/{paymentId}/refunds': {
      parameters: [paymentId],
      get: {
        operationId: 'readRefunds',
        summary: 'Read the refunds of a payment',
        description: 'The system reads them before it asks for a refund.',
        tags: ['refunds'],
        parameters: [webhookId('refunds-{paymentId}')],
        responses: Object.assign({}, refunds, problems),
      },
      post: {
        operationId: 'createRefund',
        summary: 'Refund a payment',
        description: [
          'Refunds once for each `idempotencyKey`, never forgets a key, and never refunds more than was paid. Answer with all refunds, this one',
          'included. If it cannot be refunded, answer with a refund in state `failed`.',
        ].join(' '),
        tags: ['refunds'],
        parameters: [webhookId('refund-{idempotencyKey}')],
        requestBody: { required: true, content: json(ref('NewRefund')) },
        responses: Object.assign({}, refunds, problems),
      },
    },
  },
  webhooks: {
    paymentUpdated: {
      post: {
        operationId: 'paymentUpdated',
        summary: 'A payment has changed',
        description:
          'You send it to POST /api/v1/payments/webhook of the system. `webhook-id` is a number of the event.',
        tags: ['payments'],
        parameters: [webhookId('unique for each event, the same in its repeats')],
        requestBody: { required: true, content: json(ref('PaymentUpdated')) },
        responses: {
          200: { description: 'Done, or nothing to do' },
          401: { description: 'The signature is not valid' },
          503: { description: 'Send the event again later' },
        },
      },
    },
  },
  components: {
    schemas: {
      NewPayment: newPaymentSchema,
      Payment: servicePaymentSchema,
      NewRefund: newRefundSchema,
      Refunds: serviceRefundsSchema,
      PaymentUpdated: paymentUpdatedSchema,
    },
    securitySchemes: {
      standardWebhook: {
        type: 'apiKey',
        in: 'header',
        name: 'webhook-signature',
        description: 'Standard Webhooks: see the description of the service',
      },
    },
  },
};
