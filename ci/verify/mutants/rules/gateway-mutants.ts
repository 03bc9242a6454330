import { edit, type Mutant, tested } from './mutant.ts';

const stripe = 'proto/payments/stripe/stripe-gateway.test.ts';
const http = 'proto/payments/http/http-gateway.test.ts';

/** Bugs of the adapters to payment gateways. The simulation has a gateway of its own. */
export const gatewayMutants: Mutant[] = [
  tested(
    'complete-session-is-paid',
    'a session of Stripe that is complete counts only if its payment status is paid',
    stripe,
    edit('describeSession', "session.payment_status === 'paid'", "session.status === 'complete'"),
  ),
  tested(
    'session-of-another-payment',
    'a session of Stripe is read only for its own payment',
    stripe,
    edit('readSession', 'session.client_reference_id !== paymentId', 'false'),
  ),
  tested(
    'refused-end-is-an-error',
    'a session that Stripe does not expire is read: it may be paid',
    stripe,
    edit('createStripeGateway', "if (now.state === 'open') throw error;", 'throw error;'),
  ),
  tested(
    'saved-failure-for-a-day',
    'a failure that Stripe has saved for a key is passed by another key',
    stripe,
    edit('isSavedFailure', "$1 === 'true'", 'false'),
  ),
  tested(
    'currency-without-exponent',
    'amounts are written with the decimals that Stripe has for the currency',
    'proto/payments/stripe/stripe-amounts.test.ts',
    edit('ruleOf', 'rule ?? USUAL', 'USUAL'),
  ),
  tested(
    'refund-without-look-up',
    'a refund that exists at the gateway is not made again',
    'proto/payments/plan-refund.test.ts',
    edit('planRefund', 'leftCents <= 0', 'false'),
  ),
  tested(
    'failed-refund-made-again',
    'a failed refund is made again only if a person asks for it',
    'proto/payments/plan-refund.test.ts',
    edit('planRefund', 'tries > 0', 'false'),
  ),
  tested(
    'answer-of-any-form',
    'an answer of the payment service that is not as described changes nothing',
    http,
    edit('callService', '!Value.Check(schema, value)', 'value === undefined'),
  ),
  tested(
    'answer-for-another-payment',
    'an answer of the payment service counts only for the payment that was asked for',
    http,
    edit('createHttpGateway', 'payment.paymentId !== paymentId', 'false'),
  ),
  tested(
    'endless-answer',
    'an answer of the payment service is read up to a limit',
    http,
    edit('readAnswer', 'bytes > maxBytes', 'false'),
  ),
  tested(
    'event-with-any-signature',
    'an event of Stripe counts only with a valid signature',
    'proto/payments/stripe/stripe-events.test.ts',
    edit('createStripeEvents', 'stripe.webhooks.constructEvent(body, $1, $2)', 'JSON.parse(body.toString())'),
  ),
];
