import { effect, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { OrderView } from '../../../orders/order-view.ts';
import type { ApiError } from '../../call-api.ts';
import { money } from '../../language.ts';
import { callAdmin } from '../parts/call-admin.ts';
import { dateTime, NONE } from '../parts/formats.ts';
import { Fault, Panel, Scroll } from '../parts/panel.tsx';
import { chosenSid, stockEvent } from '../stocks/stock-events.ts';
import { orderStateText, translate } from '../texts/translate.ts';
import { OrderFilter, orderFilter } from './order-filter.tsx';

type Order = Pick<OrderView, 'orderNo' | 'state' | 'total'> & { createdAt: string; buyer: string };

const PAGE_SIZE = 20;
const MAX_PAGES = 10;

const orders = signal<Order[] | null>(null);
const nextCursor = signal<string | null>(null);
const READ_AGAIN_MS = 1500;
const fault = signal<ApiError | null>(null);

/** The chosen stock's orders, or those of a buyer, newest first, with links to each. */
export function OrdersPanel({ choice }: { choice?: ComponentChildren }) {
  const sid = chosenSid.value;
  const isFiltered = orderFilter.value.buyer !== '' || orderFilter.value.state !== '';
  return (
    <Panel
      title={translate('ordersTitle')}
      id="orders-title"
      aside={
        <div class="panel-tools">
          {choice}
          <OrderFilter />
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
              <th scope="col" class="right">
                {translate('total')}
              </th>
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
                <td class="right number">{order.total ? money(order.total) : NONE}</td>
                <td class="number">{dateTime(order.createdAt)}</td>
              </tr>
            ))}
            {!orders.value?.length && (
              <tr>
                <td colSpan={5} class="empty">
                  {translate(
                    orders.value === null && sid !== null && !fault.value
                      ? 'loading'
                      : isFiltered
                        ? 'ordersNone'
                        : 'ordersEmpty',
                  )}
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
    orderFilter.value;
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
  const filter = orderFilter.peek();
  if (sid === null) return;
  fault.value = null;
  try {
    const page = await readPage(sid, cursor);
    if (chosenSid.peek() !== sid || orderFilter.peek() !== filter) return;
    orders.value = cursor === null ? page.orders : [...(orders.peek() ?? []), ...page.orders];
    nextCursor.value = page.nextCursor;
  } catch (error) {
    fault.value = error as ApiError;
  }
}

type Page = { orders: Order[]; nextCursor: string | null };

/** A page looks at a limited number of orders, and may be empty: then the next ones are read, as far as MAX_PAGES. */
async function readPage(sid: string, cursor: string | null): Promise<Page> {
  const { buyer, state } = orderFilter.peek();
  const orders: Order[] = [];
  let next = cursor;
  for (let pages = 0; pages < MAX_PAGES && orders.length === 0; pages += 1) {
    const query = new URLSearchParams({
      limit: String(PAGE_SIZE),
      ...(buyer ? { buyer } : { sid }),
      ...(state && { state }),
      ...(next !== null && { cursor: next }),
    });
    const { body } = await callAdmin<Page>(`/admin/orders?${query}`);
    orders.push(...body.orders);
    next = body.nextCursor;
    if (next === null) break;
  }
  return { orders, nextCursor: next };
}
