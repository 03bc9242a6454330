import { effect } from '@preact/signals';
import { mountPage } from '../mount-page.ts';
import './styles/page.css';
import './styles/shop.css';
import './styles/cards.css';
import './styles/orders.css';
import './styles/dialogs.css';
import './styles/screens.css';
import { identity, signIn, signInError } from '../identity.ts';
import { language } from '../language.ts';
import { followServerClock } from '../server-clock.ts';
import { App } from './app.tsx';
import { restOrders, wakeOrders } from './orders/follow-orders.ts';
import { sidOf } from './orders/intents.ts';
import { forgetList } from './orders/my-orders.ts';
import { streams } from './parts/streams.ts';
import { translate } from './parts/translate.ts';
import { forgetPurchases, purchaseOf, refreshPurchases, resumePurchases } from './purchases/purchases.ts';
import { restStocks, wakeStocks } from './stocks/stocks.ts';

const SIGN_IN_AGAIN_MS = 5000;

mountPage(<App />, () => ({ lang: language.value, title: translate('shop') }));
// Another tab has become another buyer.
addEventListener('storage', ({ key }) => {
  if (key === 'flash-sale.buyer') void signIn('buyer');
});
addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? comeBack() : rest()));
addEventListener('pagehide', rest);
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) comeBack();
});

void followServerClock();
wake();
await signInUntilKnown();

// The gateway returns the buyer to this address.
const query = new URLSearchParams(location.search);
const returnedFrom = query.get('order');
const isDeclined = query.get('payment') === 'declined';
if (returnedFrom !== null) history.replaceState(null, '', `/${location.hash}`);
let buyer = identity.value?.buyer;
await resumePurchases(returnedFrom, isDeclined);
if (returnedFrom !== null) showStockOf(returnedFrom);

effect(() => {
  const now = identity.value?.buyer;
  if (now === buyer) return;
  buyer = now;
  forgetPurchases();
  forgetList();
  if (now !== undefined) void resumePurchases(null);
});

function wake(): void {
  streams.wake();
  wakeStocks();
  wakeOrders();
}

function rest(): void {
  restStocks();
  restOrders();
  streams.rest();
}

function comeBack(): void {
  wake();
  refreshPurchases();
}

/** Repeats while the shop does not answer. If a token is needed, the page asks the buyer for it. */
async function signInUntilKnown(): Promise<void> {
  await signIn('buyer');
  while (!identity.value && signInError.value === 'unavailable') {
    await new Promise((resolve) => setTimeout(resolve, SIGN_IN_AGAIN_MS));
    if (!identity.value) await signIn('buyer');
  }
}

function showStockOf(orderNo: string): void {
  const sid = sidOf(orderNo);
  if (purchaseOf(sid).value.kind === 'order')
    document.getElementById(`stock-${sid}`)?.scrollIntoView({ block: 'center' });
}
