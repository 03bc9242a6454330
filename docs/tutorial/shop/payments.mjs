import { books, saveBooks } from './books.mjs';
import { isSigned, signWebhook } from './signatures.mjs';

// The payment service of the shop: the five calls of docs/payment-service.openapi.json. The flash-sale system calls it.

const { WEBHOOK_SECRET, SALE_URL, SHOP_URL } = process.env;

/** Answers a call of the flash-sale system: [status, body]. */
export function answerPaymentCall({ method, path, headers, body }) {
  const [, paymentId, part = ''] = /^\/payments\/([\w-]{1,100})(?:\/(end|refunds))?$/.exec(path) ?? [];
  const action = { PUT: 'create', GET: 'read', 'POST end': 'end', 'GET refunds': 'refunds', 'POST refunds': 'refund' }[
    `${method} ${part}`.trim()
  ];
  if (!paymentId || !action) return [404];
  const input = body && JSON.parse(body);
  const id = action === 'refund' ? `refund-${input?.idempotencyKey}` : `${action}-${paymentId}`;
  // The id names the call, so that a signed call cannot be used for another one.
  if (!isSigned(WEBHOOK_SECRET, headers, body) || headers['webhook-id'] !== id) return [401];
  if (action === 'create') return create(paymentId, body, input);
  const payment = books.payments[paymentId];
  if (!payment) return [404];
  if (action === 'end' && payment.state === 'open') change(payment, { state: 'ended' });
  if (action === 'refund') refund(payment, input);
  return [200, part === 'refunds' ? { refunds: payment.refunds } : show(payment)];
}

const show = ({ parameters, refunds, ...payment }) => payment;

function create(paymentId, parameters, { orderNo, amountCents, currency, name, returnUrl }) {
  const known = books.payments[paymentId];
  if (known) return known.parameters === parameters ? [200, show(known)] : [409];
  const redirectUrl = `${SHOP_URL}/pay/${paymentId}`;
  const fresh = {
    paymentId,
    orderNo,
    state: 'open',
    amountCents,
    currency,
    redirectUrl,
    chargeId: null,
    dispute: null,
  };
  books.payments[paymentId] = { ...fresh, refundedCents: 0, name, returnUrl, parameters, refunds: [] };
  saveBooks();
  return [200, show(books.payments[paymentId])];
}

/** The buyer presses Pay. Here a real shop charges a card. Returns the page to which the buyer returns. */
export function pay(paymentId) {
  const payment = books.payments[paymentId];
  if (payment?.state === 'open') change(payment, { state: 'paid', chargeId: `charge-${paymentId}` });
  return payment?.returnUrl;
}

function refund(payment, { idempotencyKey, amountCents }) {
  if (payment.refunds.some((refund) => refund.idempotencyKey === idempotencyKey)) return;
  const isPossible = payment.state === 'paid' && payment.refundedCents + amountCents <= payment.amountCents;
  const [state, reason] = isPossible ? ['refunded', null] : ['failed', 'more than was paid'];
  payment.refunds.unshift({ idempotencyKey, amountCents, state, reason });
  change(payment, { refundedCents: payment.refundedCents + (isPossible ? amountCents : 0) });
}

/** Tells the flash-sale system that a payment has changed. If this is lost, the system finds out by itself later. */
function change(payment, fields) {
  Object.assign(payment, fields);
  saveBooks();
  const event = {
    type: 'payment.updated',
    timestamp: new Date().toISOString(),
    data: { paymentId: payment.paymentId },
  };
  const body = JSON.stringify(event);
  const headers = signWebhook(WEBHOOK_SECRET, `${payment.paymentId}-${Date.now()}`, body);
  fetch(`${SALE_URL}/api/v1/payments/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  }).catch((error) => console.error(`event of ${payment.paymentId} not sent: ${error.message}`));
}
