import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { identity } from '../identity.ts';
import { isKept } from '../keep-storage.ts';
import { chooseLanguage, LANGUAGES, type Language, language, whole } from '../language.ts';
import { orderList } from './orders/my-orders.ts';
import { announcement } from './parts/announcement.ts';
import { translate } from './parts/translate.ts';
import { newOffer, shopState, sids, stockOf } from './stocks/stocks.ts';
import { Dialogs, openAccount } from './views/dialogs.tsx';
import { OrdersView } from './views/orders-view.tsx';
import { ShopView } from './views/shop-view.tsx';

const isOrders = signal(location.hash === '#orders');
addEventListener('hashchange', () => {
  // The skip link does not change the view.
  if (location.hash !== '#main') isOrders.value = location.hash === '#orders';
});

export function App() {
  const first = useRef(true);
  const { value: atOrders } = isOrders;
  useEffect(() => {
    // After a change of view, the keyboard continues from the heading.
    if (!first.current) document.getElementById('title')?.focus({ preventScroll: true });
    first.current = false;
    if (atOrders) scrollTo(0, 0);
    // The browser could not scroll to the card before it was drawn.
    else if (location.hash.startsWith('#stock-')) document.querySelector(location.hash)?.scrollIntoView();
  }, [atOrders]);
  return (
    <>
      <a class="skip" href="#main">
        {translate('skip')}
      </a>
      <Header atOrders={atOrders} />
      <Notices />
      <main id="main" tabIndex={-1}>
        {atOrders ? <OrdersView /> : <ShopView />}
      </main>
      <footer class="foot">
        <p>
          {translate('footer')} <a href="/docs">{translate('api')}</a>
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
  const other = (Object.keys(LANGUAGES) as Language[]).find((name) => name !== language.value) ?? 'en';
  return (
    <header class="head">
      <a class="brand" href="#shop" aria-label={`${translate('shop')} – ${translate('home')}`}>
        <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
          <rect width="32" height="32" rx="9" fill="currentColor" />
          <path d="M18 4 8 18h7l-1 10 10-14h-7z" class="brand-bolt" />
        </svg>
        <span>{translate('shop')}</span>
      </a>
      <nav aria-label={translate('navigation')}>
        <a href="#shop" aria-current={atOrders ? undefined : 'page'}>
          {translate('home')}
        </a>
        <a href="#orders" aria-current={atOrders ? 'page' : undefined}>
          {translate('myOrders')}
          {unpaid > 0 && <span class="count number">{translate('toPay', { n: whole(unpaid) })}</span>}
        </a>
      </nav>
      <div class="head-end">
        <button type="button" class="quiet account" onClick={openAccount}>
          {buyer === undefined ? translate('signIn') : translate('you', { buyer })}
        </button>
        <button type="button" class="quiet" lang={other} onClick={() => chooseLanguage(other)}>
          {LANGUAGES[other]}
        </button>
      </div>
    </header>
  );
}

/** Warnings and new offers, above the page at any scroll position. */
function Notices() {
  const { value: offer } = newOffer;
  const name = offer === null ? undefined : stockOf(offer)?.value.name;
  return (
    <div class="notices">
      <p class="notice trouble" role="status">
        {shopState.value === 'lost' && translate('lost')}
      </p>
      <p class="notice trouble" role="status">
        {!isKept.value && translate('notKept')}
      </p>
      <p class="notice" role="status">
        {name !== undefined && (
          <a
            href={`#stock-${offer}`}
            onClick={() => {
              newOffer.value = null;
            }}
          >
            {translate('newOffer', { name })}
          </a>
        )}
      </p>
    </div>
  );
}

/** Announces outcomes to screen readers; numbers and countdowns are not announced. */
function News() {
  const { value: news } = announcement;
  // The name is known once the list has been read.
  const isListed = news !== null && sids.value.includes(news.sid);
  const name = isListed ? stockOf(news.sid)?.value.name : undefined;
  return (
    <p class="hidden-text" role="status">
      {news && name !== undefined && translate(news.text, { name })}
    </p>
  );
}
