import { useComputed } from '@preact/signals';
import { whole } from '../../language.ts';
import { Figure } from '../parts/figure.tsx';
import { milliseconds, NONE, rate } from '../parts/formats.ts';
import { stockEvent } from '../stocks/stock-events.ts';
import { translate } from '../texts/translate.ts';
import { live, rows, spanMs, splitShown } from './live-feed.ts';

/** The key figures of the sale. */
export function Figures() {
  const totals = useComputed(() => {
    rows.value;
    const { ended } = splitShown();
    return {
      confirmed: ended.confirmed,
      refused: ended.nginxCache + ended.soldOut + ended.log,
      limited: ended.nginxLimit + ended.limiter,
      failed: ended.failed,
    };
  }).value;
  const figures = live.value;
  const stock = stockEvent.value;
  const minutes = spanMs.value / 60_000;
  const inSpan = (value: number) => translate('figureTotal', { value: whole(value), minutes });
  return (
    <dl class="figures" aria-label={translate('figures')}>
      <Figure name={translate('left')} value={stock ? whole(stock.left) : NONE} class="is-left">
        {stock ? translate('leftOf', { count: whole(stock.count) }) : translate('noStock')}
      </Figure>
      <Figure name={translate('confirmed')} value={rate(figures?.perSecond.confirmed)} unit="/s" class="is-confirmed">
        {inSpan(totals.confirmed)}
      </Figure>
      <Figure name={translate('refused')} value={rate(figures?.perSecond.refused)} unit="/s" class="is-refused">
        {inSpan(totals.refused)}
      </Figure>
      <Figure name={translate('limited')} value={rate(figures?.perSecond.limited)} unit="/s" class="is-limited">
        {inSpan(totals.limited)}
      </Figure>
      <Figure name={translate('pending')} value={rate(figures?.perSecond.pending)} unit="/s" class="is-pending">
        {translate('pendingNow', { value: figures ? whole(figures.undecided) : NONE })}
      </Figure>
      <Figure
        name={translate('errors')}
        value={figures ? rate(figures.perSecond.errors + figures.perSecond.busy) : NONE}
        unit="/s"
        class={`is-errors ${totals.failed > 0 ? 'is-alarming' : ''}`}
      >
        {inSpan(totals.failed)}
      </Figure>
      <Figure name={translate('decisionP99')} value={milliseconds(figures?.decisionMs?.p99)}>
        {translate('decisionP50', { value: milliseconds(figures?.decisionMs?.p50) })}
      </Figure>
      <Figure name={translate('lag')} value={figures ? whole(figures.lag.total) : NONE}>
        {translate('committed', { value: rate(figures?.committedPerSecond) })}
      </Figure>
      <Figure name={translate('waiting')} value={figures ? whole(figures.waiting) : NONE}>
        {translate('listeners', { value: figures ? whole(figures.listeners) : NONE })}
      </Figure>
    </dl>
  );
}
