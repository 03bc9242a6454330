import { effect, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { ApiError } from '../../call-api.ts';
import { dateTime } from '../parts/formats.ts';
import { Fault, Panel, Scroll } from '../parts/panel.tsx';
import { chosenSid, stockEvent } from '../stocks/stock-events.ts';
import { listOrders, type Order, ORDERS_PAGE as PAGE } from '../stocks/stocks.ts';
import { orderStateText, translate } from '../texts/translate.ts';

const orders = signal<Order[] | null>(null);
const nextCursor = signal<string | null>(null);
const READ_AGAIN_MS = 1500;
const fault = signal<ApiError | null>(null);

/** The chosen stock's orders, newest first; each leads to its trace. */
export function OrdersPanel({ choice }: { choice?: ComponentChildren }) {
  const sid = chosenSid.value;
  return (
    <Panel
      title={translate('ordersTitle')}
      id="orders-title"
      aside={
        <div class="panel-tools">
          {choice}
          <button type="button" disabled={sid === null} onClick={() => void read(null)}>
            {translate('refresh')}
          </button>
        </div>
      }
    >
      <Scroll label={translate('ordersTitle')}>
        <table class="orders">
          <thead>
            <tr>
              <th scope="col">{translate('orderNo')}</th>
              <th scope="col">{translate('buyer')}</th>
              <th scope="col">{translate('state')}</th>
              <th scope="col">{translate('decidedBy')}</th>
              <th scope="col">{translate('time')}</th>
            </tr>
          </thead>
          <tbody>
            {orders.value?.map((order) => (
              <tr key={order.orderNo}>
                <th scope="row">
                  <a class="mono" href={`#trace/${order.orderNo}`}>
                    <OrderNo text={order.orderNo} />
                  </a>
                </th>
                <td class="name">{order.buyer}</td>
                <td>
                  <span class={`state is-${order.state}`}>{orderStateText(order.state)}</span>
                </td>
                <td>{order.decidedBy}</td>
                <td class="number">{dateTime(order.createdAt)}</td>
              </tr>
            ))}
            {!orders.value?.length && (
              <tr>
                <td colSpan={5} class="empty">
                  {translate(orders.value === null && sid !== null && !fault.value ? 'loading' : 'ordersEmpty')}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </Scroll>
      {nextCursor.value !== null && (
        <button type="button" onClick={() => void read(nextCursor.value)}>
          {translate('more')}
        </button>
      )}
      <Fault error={fault.value} />
    </Panel>
  );
}

/** All of a stock begin with its number, which a small screen has no room for. */
function OrderNo({ text }: { text: string }) {
  const end = text.indexOf('-') + 1;
  return (
    <>
      <span class="prefix">{text.slice(0, end)}</span>
      {text.slice(end)}
    </>
  );
}

/** Reads the list anew whenever another stock is chosen, while somebody looks. */
export function followOrders(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sold: number | undefined;
  const leaveStock = effect(() => {
    chosenSid.value;
    orders.value = null;
    nextCursor.value = null;
    sold = undefined;
    void read(null);
  });
  // As it sells, but not while a person reads older pages.
  const leaveSales = effect(() => {
    const now = stockEvent.value?.sold;
    if (now !== undefined && sold !== undefined && now !== sold) {
      timer ??= setTimeout(() => {
        timer = undefined;
        if ((orders.peek() ?? []).length <= PAGE) void read(null);
      }, READ_AGAIN_MS);
    }
    sold = now ?? sold;
  });
  return () => {
    leaveStock();
    leaveSales();
    clearTimeout(timer);
  };
}

async function read(cursor: string | null): Promise<void> {
  const sid = chosenSid.peek();
  if (sid === null) return;
  fault.value = null;
  try {
    const page = await listOrders(sid, cursor);
    if (chosenSid.peek() !== sid) return;
    orders.value = cursor === null ? page.orders : [...(orders.peek() ?? []), ...page.orders];
    nextCursor.value = page.nextCursor;
  } catch (error) {
    fault.value = error as ApiError;
  }
}
