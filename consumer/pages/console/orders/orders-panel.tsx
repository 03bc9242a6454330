import { effect, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { OrderView } from '../../../orders/order-view.ts';
import type { ApiError } from '../../call-api.ts';
import { callAdmin } from '../parts/call-admin.ts';
import { dateTime } from '../parts/formats.ts';
import { Fault, Panel, Scroll } from '../parts/panel.tsx';
import { chosenSid, stockEvent } from '../stocks/stock-events.ts';
import { orderStateText, translate } from '../texts/translate.ts';

type Order = Pick<OrderView, 'orderNo' | 'state'> & { createdAt: string; buyer: string; decidedBy: string };

const PAGE_SIZE = 20;

const orders = signal<Order[] | null>(null);
const nextCursor = signal<string | null>(null);
const READ_AGAIN_MS = 1500;
const fault = signal<ApiError | null>(null);

/** The chosen stock's orders, newest first, with links to their traces. */
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

/** The prefix is the stock's id. Small screens hide it. */
function OrderNo({ text }: { text: string }) {
  const end = text.indexOf('-') + 1;
  return (
    <>
      <span class="prefix">{text.slice(0, end)}</span>
      {text.slice(end)}
    </>
  );
}

/** Reads the list when another stock is chosen or sells, until the returned function is called. */
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
  // Not while a person reads older pages.
  const leaveSales = effect(() => {
    const now = stockEvent.value?.sold;
    if (now !== undefined && sold !== undefined && now !== sold) {
      timer ??= setTimeout(() => {
        timer = undefined;
        if ((orders.peek() ?? []).length <= PAGE_SIZE) void read(null);
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
    const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const path = `/admin/stocks/${sid}/orders?limit=${PAGE_SIZE}${after}`;
    const { body: page } = await callAdmin<{ orders: Order[]; nextCursor: string | null }>(path);
    if (chosenSid.peek() !== sid) return;
    orders.value = cursor === null ? page.orders : [...(orders.peek() ?? []), ...page.orders];
    nextCursor.value = page.nextCursor;
  } catch (error) {
    fault.value = error as ApiError;
  }
}
