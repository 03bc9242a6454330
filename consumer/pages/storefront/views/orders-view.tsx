import { useEffect } from 'preact/hooks';
import { identity } from '../../identity.ts';
import { money, whole } from '../../language.ts';
import { orderList, readMoreOrders, readOrders } from '../orders/my-orders.ts';
import type { Order, OrderState } from '../orders/order.ts';
import { Picture } from '../parts/picture.tsx';
import { moment, timeLeft } from '../parts/show-times.ts';
import type { TextName } from '../parts/texts.ts';
import { ticking } from '../parts/ticking.ts';
import { translate } from '../parts/translate.ts';
import { payOrder, purchaseOf } from '../purchases/purchases.ts';
import { stockOf } from '../stocks/stocks.ts';
import { askToCancel } from './dialogs.tsx';

const STATE_TEXT: Record<OrderState, TextName> = {
  pending: 'orderPending',
  awaiting_payment: 'orderAwaiting',
  paid: 'orderPaid',
  refunded: 'orderRefunded',
  expired: 'orderExpired',
  cancelled: 'orderCancelled',
  sold_out: 'orderSoldOut',
  duplicate: 'orderDuplicate',
  paused: 'orderPaused',
  not_open: 'orderNotOpen',
  closed: 'orderClosed',
  price_above_max: 'orderPriceUp',
  quantity_above_max: 'orderTooMany',
  entry_required: 'orderEntryRequired',
};

export function OrdersView() {
  const buyer = identity.value?.buyer;
  useEffect(() => {
    if (buyer !== undefined) void readOrders().catch(() => undefined);
  }, [buyer]);
  const { orders, nextCursor, state } = orderList.value;
  return (
    <section aria-labelledby="title" class="orders">
      <h1 id="title" tabIndex={-1}>
        {translate('myOrders')}
      </h1>
      {state === 'lost' && <p class="trouble">{translate('ordersLost')}</p>}
      {state === 'ready' && orders.length === 0 && (
        <div class="empty">
          <h2>{translate('noOrders')}</h2>
          <p>{translate('noOrdersNext')}</p>
          <p>
            <a href="#shop">{translate('toTheShop')}</a>
          </p>
        </div>
      )}
      <ul class="order-list">
        {unpaidFirst(orders).map((order) => (
          <OrderRow key={order.orderNo} order={order} />
        ))}
      </ul>
      {nextCursor !== null && (
        <button type="button" class="medium" onClick={() => void readMoreOrders()}>
          {translate('more')}
        </button>
      )}
    </section>
  );
}

/** The payments of an order and their refunds. */
function Payments({ order: { payments = [] } }: { order: Order }) {
  return payments.map((payment) => {
    const { paymentId, state, amount, paidAt, refundedAt } = payment;
    if (state === 'started') return null;
    const text = ({ paid: 'paymentPaid', refund_due: 'paymentRefundDue', refunded: 'paymentRefunded' } as const)[state];
    const at = state === 'refunded' ? refundedAt : paidAt;
    const time = at === null ? '' : moment(at, ticking());
    return (
      <p key={paymentId} class="number" data-payment={state}>
        {translate(text, { amount: money(amount), time })}
      </p>
    );
  });
}

/** Unpaid orders first, by payment deadline; then the rest, newest first. */
function unpaidFirst(orders: Order[]): Order[] {
  const endMs = ({ payBy }: Order) => (payBy ? Date.parse(payBy) : Number.MAX_VALUE);
  const isUnpaid = ({ state }: Order) => state === 'awaiting_payment';
  const unpaid = orders.filter(isUnpaid).sort((a, b) => endMs(a) - endMs(b));
  return [...unpaid, ...orders.filter((order) => !isUnpaid(order))];
}

/** The price of the order; the stock's may have changed since. With several units also how many, and the price of one. */
function priceOf({ quantity = 1, unitPrice, total }: Order): string {
  if (unitPrice === undefined || total === undefined) return '';
  return quantity > 1
    ? translate('orderUnits', { quantity: whole(quantity), price: money(unitPrice), total: money(total) })
    : money(total);
}

function OrderRow({ order }: { order: Order }) {
  const { orderNo, sid, state, payBy, createdAt } = order;
  const stock = stockOf(sid)?.value;
  const name = order.name ?? stock?.name ?? '';
  const { value: purchase } = purchaseOf(sid);
  const isPaying =
    purchase.kind === 'order' &&
    purchase.order.orderNo === orderNo &&
    (purchase.payment === 'back' || purchase.payment === 'leaving');
  const canPay = state === 'awaiting_payment' && !isPaying && (!payBy || Date.parse(payBy) > ticking());
  return (
    <li class="order-row" data-order={orderNo} data-state={state}>
      <Picture sid={sid} name={name} url={stock?.pictureUrl} />
      <div class="order-what">
        <h2>{name}</h2>
        <p class="number">
          {priceOf(order)}
          {createdAt !== undefined && ` · ${moment(createdAt, ticking())}`}
        </p>
        <Payments order={order} />
        <p class="mono order-number">{orderNo}</p>
      </div>
      <div class="order-state">
        <span class={`badge badge-order-${state}`}>
          {translate(isPaying ? 'beingPaid' : STATE_TEXT[state])}
          {canPay && payBy && <b class="number"> {timeLeft(Date.parse(payBy) - ticking())}</b>}
        </span>
        {canPay && (
          <>
            <button type="button" class="medium strong" onClick={() => void payOrder(order)}>
              {translate('pay')}
              <span class="hidden-text">: {name}</span>
            </button>
            <button type="button" class="medium" onClick={() => askToCancel(order, name)}>
              {translate('cancel')}
              <span class="hidden-text">: {name}</span>
            </button>
          </>
        )}
      </div>
    </li>
  );
}
