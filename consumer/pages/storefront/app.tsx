import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { identity } from '../identity.ts';
import { isKept } from '../keep-storage.ts';
import { LANGUAGES, type Language, language, speak, whole } from '../language.ts';
import { Dialogs, openWho } from './orders/dialogs.tsx';
import { orderList } from './orders/my-orders.ts';
import { OrdersView } from './orders/orders-view.tsx';
import { announcement } from './purchases/purchases.ts';
import { say } from './say.ts';
import { ShopView } from './shop/shop-view.tsx';
import { newOffer, shopState, sids, stockOf } from './shop/stocks.ts';

const isOrders = signal(location.hash === '#orders');
addEventListener('hashchange', () => {
  // The skip link leads to what is shown already.
  if (location.hash !== '#main') isOrders.value = location.hash === '#orders';
});

export function App() {
  const first = useRef(true);
  const { value: atOrders } = isOrders;
  useEffect(() => {
    // Who goes to the other view by keyboard goes on from its heading.
    if (!first.current) document.getElementById('title')?.focus({ preventScroll: true });
    first.current = false;
    if (atOrders) scrollTo(0, 0);
    // The address of a card that was not there before.
    else if (location.hash.startsWith('#stock-')) document.querySelector(location.hash)?.scrollIntoView();
  }, [atOrders]);
  return (
    <>
      <a class="skip" href="#main">
        {say('skip')}
      </a>
      <Header atOrders={atOrders} />
      <Notices />
      <main id="main" tabIndex={-1}>
        {atOrders ? <OrdersView /> : <ShopView />}
      </main>
      <footer class="foot">
        <p>
          {say('footer')} <a href="/docs">{say('api')}</a>
        </p>
      </footer>
      <News />
      <Dialogs />
    </>
  );
}

function Header({ atOrders }: { atOrders: boolean }) {
  const unpaid = orderList.value.orders.filter(({ state }) => state === 'awaiting_payment').length;
  const buyer = identity.value?.buyer;
  const other = (Object.keys(LANGUAGES) as Language[]).find((one) => one !== language.value) ?? 'en';
  return (
    <header class="head">
      <a class="brand" href="#shop" aria-label={`${say('shop')} – ${say('home')}`}>
        <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
          <rect width="32" height="32" rx="9" fill="currentColor" />
          <path d="M18 4 8 18h7l-1 10 10-14h-7z" class="brand-bolt" />
        </svg>
        <span>{say('shop')}</span>
      </a>
      <nav aria-label={say('navigation')}>
        <a href="#shop" aria-current={atOrders ? undefined : 'page'}>
          {say('home')}
        </a>
        <a href="#orders" aria-current={atOrders ? 'page' : undefined}>
          {say('myOrders')}
          {unpaid > 0 && <span class="count number">{say('toPay', { n: whole(unpaid) })}</span>}
        </a>
      </nav>
      <div class="head-end">
        <button type="button" class="quiet who" onClick={openWho}>
          {buyer === undefined ? say('nobody') : say('you', { buyer })}
        </button>
        <button type="button" class="quiet" lang={other} onClick={() => speak(other)}>
          {LANGUAGES[other]}
        </button>
      </div>
    </header>
  );
}

/** Above the page wherever it is scrolled to: what is wrong, and what is new. */
function Notices() {
  const { value: offer } = newOffer;
  const name = offer === null ? undefined : stockOf(offer)?.value.name;
  return (
    <div class="notices">
      <p class="notice trouble" role="status">
        {shopState.value === 'lost' && say('lost')}
      </p>
      <p class="notice trouble" role="status">
        {!isKept.value && say('notKept')}
      </p>
      <p class="notice" role="status">
        {name !== undefined && (
          <a
            href={`#stock-${offer}`}
            onClick={() => {
              newOffer.value = null;
            }}
          >
            {say('newOffer', { name })}
          </a>
        )}
      </p>
    </div>
  );
}

/** One voice for outcomes; numbers and countdowns are silent. */
function News() {
  const { value: news } = announcement;
  // Read again when the list comes: until then the stock has no name to say.
  const isListed = news !== null && sids.value.includes(news.sid);
  const name = isListed ? stockOf(news.sid)?.value.name : undefined;
  return (
    <p class="hidden-text" role="status">
      {news && name !== undefined && say(news.text, { name })}
    </p>
  );
}
