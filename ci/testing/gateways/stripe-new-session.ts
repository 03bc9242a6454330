import { type Form, namesOf, textAt } from './stripe-form.ts';
import { invalidParameters } from './stripe-problem.ts';

const MIN_SECONDS = 30 * 60;
const MAX_SECONDS = 24 * 3600;

/** What may be sent, and what is expected if the value is fixed. Stripe refuses unknown parameters. */
const known: [name: RegExp, value: RegExp][] = [
  [/^mode$/, /^payment$/],
  [/^allowed_payment_method_types\.0$/, /^card$/],
  [/^line_items\.0\.quantity$/, /^1$/],
  [/^line_items\.0\.price_data\.currency$/, /^[a-z]{3}$/],
  [/^line_items\.0\.price_data\.unit_amount$/, /^[1-9]\d*$/],
  [/^line_items\.0\.price_data\.tax_behavior$/, /^inclusive$/],
  [/^line_items\.0\.price_data\.product_data\.name$/, /./],
  [/^automatic_tax\.enabled$/, /^false$/],
  [/^allow_promotion_codes$/, /^false$/],
  [/^adaptive_pricing\.enabled$/, /^false$/],
  [/^client_reference_id$/, /^.{1,200}$/],
  [/^(payment_intent_data\.)?metadata\.\w{1,40}$/, /^.{0,500}$/],
  [/^payment_intent_data\.capture_method$/, /^automatic$/],
  [/^(success|cancel)_url$/, /^https?:\/\//],
  [/^expires_at$/, /^\d+$/],
];

/** Reads the parameters of a new session as strictly as Stripe does. */
export function readNewSession(form: Form, nowMs: number) {
  for (const name of namesOf(form)) {
    const rule = known.find(([pattern]) => pattern.test(name));
    if (!rule) throw invalidParameters(`Received unknown parameter: ${name}`, 'parameter_unknown');
    if (!rule[1].test(textAt(form, name) ?? '')) throw invalidParameters(`Invalid ${name}`);
  }
  const need = (name: string) => {
    const value = textAt(form, name);
    if (value === undefined) throw invalidParameters(`Missing required param: ${name}.`, 'parameter_missing');
    return value;
  };
  const amount = Number(need('line_items.0.price_data.unit_amount'));
  const currency = need('line_items.0.price_data.currency');
  if (['isk', 'ugx'].includes(currency) && amount % 100 !== 0) {
    throw invalidParameters('Invalid amount.', 'invalid_charge_amount_no_decimal_compatible');
  }
  if (['bhd', 'jod', 'kwd', 'omr', 'tnd'].includes(currency) && amount % 10 !== 0) {
    throw invalidParameters('Invalid amount.');
  }
  const expiresAt = Number(need('expires_at'));
  const seconds = expiresAt - nowMs / 1000;
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) {
    throw invalidParameters(
      'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.',
    );
  }
  need('success_url');
  const paymentId = need('client_reference_id');
  return { amount, currency, expiresAt, paymentId, metadata: (form.metadata ?? {}) as Record<string, string> };
}
