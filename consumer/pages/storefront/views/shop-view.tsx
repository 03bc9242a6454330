import { clockTime, timeLeft } from '../parts/show-times.ts';
import { ticking } from '../parts/ticking.ts';
import { translate } from '../parts/translate.ts';
import { stateNow } from '../purchases/describe-purchase.ts';
import { shopState, sids, stockOf } from '../stocks/stocks.ts';
import { StockCard } from './stock-card.tsx';

export function ShopView() {
  const { value: shown } = sids;
  const { value: state } = shopState;
  return (
    <>
      <section class="hero" aria-labelledby="title">
        <h1 id="title" tabIndex={-1}>
          {translate('onSale')}
        </h1>
        <p class="lead">{translate(hasDraws(shown) ? 'leadDraws' : 'lead')}</p>
        <Clock />
      </section>
      <section aria-labelledby="offers" class="offers">
        <h2 id="offers" class="hidden-text">
          {translate('offers')}
        </h2>
        {shown.length === 0 && state === 'loading' && <p class="empty">{translate('loading')}</p>}
        {shown.length === 0 && state === 'ready' && (
          <div class="empty">
            <p class="empty-title">{translate('empty')}</p>
            <p>{translate('emptyNext')}</p>
          </div>
        )}
        <ul class="cards">
          {shown.map((sid, index) => {
            const stock = stockOf(sid);
            return stock && <StockCard key={sid} stock={stock} index={index} />;
          })}
        </ul>
      </section>
    </>
  );
}

/** Not all is first come, first served. */
const hasDraws = (shown: readonly string[]) => shown.some((sid) => (stockOf(sid)?.value.mode ?? 'rush') !== 'rush');

/** The shop's time, and the next opening. */
function Clock() {
  const nowMs = ticking();
  const next = sids.value
    .flatMap((sid) => stockOf(sid)?.value ?? [])
    .filter((stock) => stateNow(stock, () => nowMs) === 'upcoming')
    .toSorted((a, b) => Date.parse(a.opensAt ?? '') - Date.parse(b.opensAt ?? ''))[0];
  return (
    <p class="clock">
      <span class="number">
        {translate('clock')} <b>{clockTime(nowMs)}</b>
      </span>
      <span class="number">
        {next?.opensAt ? (
          <a href={`#stock-${next.sid}`}>
            {translate('nextOpens', { name: next.name, left: timeLeft(Date.parse(next.opensAt) - nowMs) })}
          </a>
        ) : (
          shopState.value === 'ready' && translate('nothingNext')
        )}
      </span>
    </p>
  );
}
