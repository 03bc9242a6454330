import { stateNow } from '../purchases/describe-purchase.ts';
import { clockTime, say, timeLeft } from '../say.ts';
import { ticking } from '../ticking.ts';
import { StockCard } from './stock-card.tsx';
import { shopState, sids, stockOf } from './stocks.ts';

export function ShopView() {
  const { value: shown } = sids;
  const { value: state } = shopState;
  return (
    <>
      <section class="hero" aria-labelledby="title">
        <h1 id="title" tabIndex={-1}>
          {say('onSale')}
        </h1>
        <p class="lead">{say('lead')}</p>
        <Clock />
      </section>
      <section aria-labelledby="offers" class="offers">
        <h2 id="offers" class="hidden-text">
          {say('offers')}
        </h2>
        {shown.length === 0 && state === 'loading' && <p class="empty">{say('loading')}</p>}
        {shown.length === 0 && state === 'ready' && (
          <div class="empty">
            <p class="empty-title">{say('empty')}</p>
            <p>{say('emptyNext')}</p>
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

/** The shop's time, and what opens next. */
function Clock() {
  const nowMs = ticking();
  const next = sids.value
    .flatMap((sid) => stockOf(sid)?.value ?? [])
    .filter((stock) => stateNow(stock, () => nowMs) === 'upcoming')
    .toSorted((one, other) => Date.parse(one.opensAt ?? '') - Date.parse(other.opensAt ?? ''))[0];
  return (
    <p class="clock">
      <span class="number">
        {say('clock')} <b>{clockTime(nowMs)}</b>
      </span>
      <span class="number">
        {next?.opensAt ? (
          <a href={`#stock-${next.sid}`}>
            {say('nextOpens', { name: next.name, left: timeLeft(Date.parse(next.opensAt) - nowMs) })}
          </a>
        ) : (
          shopState.value === 'ready' && say('nothingNext')
        )}
      </span>
    </p>
  );
}
