import { currencyDigits } from '../../proto/messages/currency-digits.ts';
import type { PaymentSession } from '../../proto/payments/payment-gateway.ts';
import { escapeHtml } from '../api/escape-html.ts';
import { createHtmlPages } from '../api/html-pages.ts';

// The pages of the sandbox gateway.

const STYLE = `:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{margin:0;padding:1rem}
main{max-width:30rem;margin:2rem auto}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}
dd{margin:0;overflow-wrap:anywhere}
form{display:flex;flex-wrap:wrap;gap:1rem;margin-top:1.5rem}
button{font:inherit;padding:.75rem 1.5rem;min-width:8rem;min-height:2.75rem;cursor:pointer}
button:focus-visible{outline:3px solid;outline-offset:2px}`;

const { page, policy } = createHtmlPages('sandbox gateway', STYLE);

/** The Content-Security-Policy of a page whose form is redirected to `formTarget`: browsers check redirects of forms too. */
export function pagePolicy(formTarget = ''): string {
  return formTarget ? policy(`'self' ${new URL(formTarget).origin}`) : policy();
}

export function payPage({ paymentId, orderNo, amountCents, currency }: PaymentSession, session: string): string {
  return page(
    'Pay your order',
    `<p>This is a sandbox: no money is charged. Choose a result.</p>
<dl>
<dt>Amount</dt><dd><strong>${escapeHtml(money(amountCents, currency))}</strong></dd>
<dt>Order</dt><dd>${escapeHtml(orderNo)}</dd>
<dt>Payment</dt><dd>${escapeHtml(paymentId)}</dd>
</dl>
<form method="post" action="/sandbox-gateway/pay">
<input type="hidden" name="session" value="${escapeHtml(session)}">
<button name="action" value="pay">Pay</button>
<button name="action" value="decline">Decline</button>
</form>`,
  );
}

export function notePage(title: string, text: string): string {
  return page(title, `<p>${escapeHtml(text)}</p>`);
}

/** Formats an amount of the currency's smallest unit. */
function money(amountCents: number, currency: string): string {
  const digits = currencyDigits(currency);
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code', ...fraction });
  return format.format(amountCents / 10 ** digits);
}
