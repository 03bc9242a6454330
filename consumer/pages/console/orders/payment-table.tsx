import { money } from '../../language.ts';
import { dateTime, NONE } from '../parts/formats.ts';
import { Scroll } from '../parts/panel.tsx';
import { paymentStateText, translate } from '../texts/translate.ts';
import type { TracePayment } from './trace-hops.ts';

/** The payments of an order and their refunds, including payments that arrived after it had ended. */
export function PaymentTable({ payments }: { payments: TracePayment[] }) {
  if (payments.length === 0) return null;
  return (
    <Scroll label={translate('payments')}>
      <table class="payments">
        <thead>
          <tr>
            <th scope="col">{translate('payment')}</th>
            <th scope="col">{translate('state')}</th>
            <th scope="col" class="right">
              {translate('amount')}
            </th>
            <th scope="col">{translate('paidAt')}</th>
            <th scope="col">{translate('refundedAt')}</th>
            <th scope="col">{translate('reason')}</th>
            <th scope="col">{translate('dispute')}</th>
          </tr>
        </thead>
        <tbody>
          {payments.map((payment) => (
            <Row key={payment.paymentId} payment={payment} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Row({ payment }: { payment: TracePayment }) {
  const { paymentId, amount, paidAt, refundedAt, reason, refundFailure, dispute } = payment;
  const state = shownState(payment);
  return (
    <tr>
      <th scope="row" class="mono">
        {paymentId}
      </th>
      <td>
        <span class={`state is-${state}`}>{paymentStateText(state)}</span>
      </td>
      <td class="right number">{money(amount)}</td>
      <td class="number">{paidAt ? dateTime(paidAt) : NONE}</td>
      <td class="number">{refundedAt ? dateTime(refundedAt) : NONE}</td>
      <td class="name">{[reason, refundFailure].filter(Boolean).join(': ') || NONE}</td>
      <td class="name">{dispute || NONE}</td>
    </tr>
  );
}

/** How far the refund has come; without a refund the state of the payment. */
function shownState({ state, refundState }: TracePayment): string {
  return refundState === 'pending' || refundState === 'failed' ? `refund_${refundState}` : state;
}
