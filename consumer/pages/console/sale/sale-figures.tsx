import { money, whole } from '../../language.ts';
import { Figure } from '../parts/figure.tsx';
import { NONE, percent } from '../parts/formats.ts';
import { translate } from '../texts/translate.ts';
import { type SaleSummary, saleFigures } from './follow-sale.ts';

type Amount = SaleSummary['revenue'] | null | undefined;

const amount = (value: Amount) => (value ? money(value) : NONE);

/** The money and the units of the chosen sale. */
export function SaleFigures() {
  const summary = saleFigures.value;
  const units = (of: number | undefined) => translate('unitsOf', { n: of === undefined ? NONE : whole(of) });
  const refunds = summary && summary.refunded > 0 ? amount(summary.refundedAmount) : null;
  return (
    <dl class="figures sale-figures" aria-label={translate('saleFigures')}>
      <Figure name={translate('revenue')} value={amount(summary?.revenue)} class="is-confirmed is-main">
        {refunds ? translate('withoutRefunds', { amount: refunds }) : translate('withoutRefunded')}
      </Figure>
      <Figure
        name={translate('sellThrough')}
        value={summary?.sellThrough == null ? NONE : percent(summary.sellThrough)}
      >
        {summary ? translate('soldOf', { sold: whole(summary.sold), count: whole(summary.count) }) : NONE}
      </Figure>
      <Figure name={translate('paidFigure')} value={summary ? whole(summary.paid) : NONE} class="is-confirmed">
        {summary?.conversion == null ? NONE : translate('conversion', { share: percent(summary.conversion) })}
      </Figure>
      <Figure name={translate('order_awaiting_payment')} value={amount(summary?.unpaidAmount)} class="is-limited">
        {units(summary?.unpaid)}
      </Figure>
      <Figure name={translate('order_expired')} value={amount(summary?.expiredAmount)} class="is-refused">
        {units(summary?.expired)}
      </Figure>
      <Figure name={translate('order_cancelled')} value={amount(summary?.cancelledAmount)} class="is-refused">
        {units(summary?.cancelled)}
      </Figure>
      <Figure name={translate('order_refunded')} value={amount(summary?.refundedAmount)} class="is-errors">
        {units(summary?.refunded)}
      </Figure>
      <Figure name={translate('buyers')} value={summary ? whole(summary.buyers) : NONE}>
        {translate('refusedOrders', { n: summary ? whole(summary.refusedOrders) : NONE })}
      </Figure>
    </dl>
  );
}
