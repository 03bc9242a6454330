import type { ApiError } from '../../call-api.ts';
import { language } from '../../language.ts';
import { translate } from '../texts/translate.ts';

const KNOWN = {
  lost: 'faultLost',
  unauthorized: 'faultUnauthorized',
  forbidden: 'faultForbidden',
  stock_not_found: 'faultNoStock',
  order_not_found: 'faultNoOrder',
  units_sold: 'faultUnitsSold',
  stock_has_orders: 'faultHasOrders',
  busy: 'faultBusy',
  unavailable: 'faultUnavailable',
  too_many_requests: 'faultTooMany',
} as const;

/** The text for a failed call. For codes that this page does not know, the API's own text. */
export function describeFault({ code, problem, status }: ApiError): string {
  const known = KNOWN[code as keyof typeof KNOWN];
  if (known) return translate(known);
  if (code === 'invalid_request') return translate('faultInvalid');
  const original = [problem.title, problem.detail].filter(Boolean).join('. ');
  if (language.value === 'en' && original) return original;
  return translate('faultOther', { code, status, detail: problem.detail ?? '' });
}
