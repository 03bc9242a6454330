import { money } from '../../language.ts';
import { dateTime, NONE } from '../formats.ts';
import { Scroll } from '../parts/parts.tsx';
import { paymentStateText, say } from '../texts/texts.ts';
import type { TracePayment } from './trace-hops.ts';

/** The payments of an order and what became of them, also those that came after it had ended. */
export function PaymentTable({ payments }: { payments: TracePayment[] }) {
  if (payments.length === 0) return null;
  return (
    <Scroll label={say('payments')}>
      <table class="payments">
        <thead>
          <tr>
            <th scope="col">{say('payment')}</th>
            <th scope="col">{say('state')}</th>
            <th scope="col" class="right">
              {say('amount')}
            </th>
            <th scope="col">{say('paidAt')}</th>
            <th scope="col">{say('refundedAt')}</th>
            <th scope="col">{say('reason')}</th>
          </tr>
        </thead>
        <tbody>
          {payments.map(({ paymentId, state, amountCents, currency, paidAt, refundedAt, reason }) => (
            <tr key={paymentId}>
              <th scope="row" class="mono">
                {paymentId}
              </th>
              <td>
                <span class={`state is-${state}`}>{paymentStateText(state)}</span>
              </td>
              <td class="right number">{money(amountCents, currency)}</td>
              <td class="number">{paidAt ? dateTime(paidAt) : NONE}</td>
              <td class="number">{refundedAt ? dateTime(refundedAt) : NONE}</td>
              <td class="name">{reason || NONE}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
