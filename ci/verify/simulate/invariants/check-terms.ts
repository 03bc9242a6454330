import type { Fields, Value } from '../servers/database/evaluate-expression.ts';
import { FORGED } from './asked-order.ts';
import type { CheckOptions } from './check-options.ts';

/** Checks a new row against the terms of its stock at its COMMIT. */
export function checkTerms({ world, database, asked, takingNoUnit, fail }: CheckOptions): (order: Fields) => void {
  const { time } = world;
  const startedAtMs = database.nowMs() - Math.floor(time.nowMs());

  function checkOwner(order: Fields, stock: Fields): void {
    const { order_no: orderNo, buyer } = order;
    const isLadder = orderNo === buyer;
    if (isLadder !== (stock.kind === 'ladder')) fail('kinds are never mixed', `${orderNo} is of stock ${stock.id}`);
    const isKnown = isLadder ? !String(orderNo).includes(FORGED) : asked.get(String(orderNo))?.buyer === buyer;
    if (!isKnown) fail('forged records change nothing', `${orderNo} of ${buyer} has a row`);
    const { turnedAway = false, askedAgain = false } = asked.get(String(orderNo)) ?? {};
    if (turnedAway && !askedAgain) fail('a refused request leaves no order', `${orderNo} of ${buyer} has a row`);
  }

  function checkConfirmed(order: Fields, stock: Fields): void {
    const orderNo = String(order.order_no);
    const nowMs = database.nowMs();
    if (stock.paused !== 0)
      fail('no sale outside the window', `${orderNo} is confirmed while stock ${stock.id} is paused`);
    if (nowMs < (timeOf(stock.opens_at) ?? 0)) fail('no sale outside the window', `${orderNo} is confirmed too early`);
    const { firstAskedMs = 0, maxPriceCents = null, metSoldOut = false, askedAgain = false } = asked.get(orderNo) ?? {};
    const closesAtMs = timeOf(stock.closes_at) ?? Number.POSITIVE_INFINITY;
    const lateMs = startedAtMs + firstAskedMs - closesAtMs;
    if (lateMs > world.readLateMs) {
      fail('no sale outside the window', `${orderNo} is confirmed, requested ${Math.round(lateMs)} ms too late`);
    }
    checkDetails(order);
    const priceCents = Number(stock.price_cents);
    if (order.price_cents !== priceCents) fail('an order has the price of its decision', `${orderNo}`);
    if (priceCents > (maxPriceCents ?? priceCents)) {
      fail('no unit above the maximum price', `${orderNo} costs ${priceCents}, maximum ${maxPriceCents}`);
    }
    const state = priceCents === 0 ? 'paid' : 'awaiting_payment';
    if (order.state !== state) fail('a free order is paid at once', `${orderNo} of ${priceCents} is ${order.state}`);
    if (metSoldOut && !askedAgain) fail('a claimed repeat takes no unit', `${orderNo} met a sold-out stock`);
  }

  function checkOffer(order: Fields, stock: Fields): void {
    const judgedAtMs = timeOf(order.judged_at) ?? 0;
    const opensAtMs = timeOf(stock.opens_at) ?? 0;
    const closesAtMs = timeOf(stock.closes_at) ?? Number.POSITIVE_INFINITY;
    if (stock.paused !== 0 || judgedAtMs < opensAtMs || judgedAtMs >= closesAtMs) {
      fail('no sale outside the window', `${order.order_no} is offered by stock ${stock.id}`);
    }
    if (order.price_cents !== stock.price_cents) fail('an order has the price of its decision', `${order.order_no}`);
    const state = stock.price_cents === 0 ? 'paid' : 'awaiting_payment';
    if (order.state !== state) fail('a free order is paid at once', `${order.order_no} is ${order.state}`);
  }

  /** A poll that has the number alone must not buy something else. */
  function checkDetails({ order_no: orderNo, quantity, reference, metadata }: Fields): void {
    const wanted = asked.get(String(orderNo));
    const isSame = wanted?.quantity === quantity && wanted?.reference === reference && wanted?.metadata === metadata;
    if (!isSame) fail('an order is what its buyer asked for', `${orderNo} has ${quantity}, ${reference}, ${metadata}`);
  }

  function checkRefused(order: Fields, stock: Fields): void {
    const judgedAtMs = timeOf(order.judged_at) ?? 0;
    const opensAtMs = timeOf(stock.opens_at) ?? 0;
    const closesAtMs = timeOf(stock.closes_at) ?? Number.POSITIVE_INFINITY;
    const wanted = asked.get(String(order.order_no));
    const { firstAskedMs = 0, maxPriceCents = null, askedAgain = false, quantity = 1 } = wanted ?? {};
    if (judgedAtMs > database.nowMs()) fail('refusals have a reason', `${order.order_no} was judged in the future`);
    const hasReason: Record<string, boolean> = {
      paused: stock.paused !== 0,
      not_open: startedAtMs + firstAskedMs - world.readLateMs < opensAtMs,
      closed: takingNoUnit.has(String(order.order_no)) || (database.nowMs() >= closesAtMs && judgedAtMs >= closesAtMs),
      // A poll does not know the maximum price and uses 0.
      price_above_max: Number(stock.price_cents) > (askedAgain ? 0 : (maxPriceCents ?? Number.POSITIVE_INFINITY)),
      quantity_above_max: quantity > Number(stock.max_per_order),
      entry_required: stock.offers_only !== 0,
    };
    if (hasReason[String(order.state)] === false) fail('refusals have a reason', `${order.order_no} is ${order.state}`);
  }

  return (order) => {
    const stock = database.rowOf('stock', String(order.sid));
    if (!stock) return fail('answers are true', `no stock ${order.sid}`);
    if (order.decided_by === 'offer') return checkOffer(order, stock);
    checkOwner(order, stock);
    if (order.order_no === order.buyer) return;
    if (order.state === 'awaiting_payment' || order.state === 'paid') checkConfirmed(order, stock);
    else checkRefused(order, stock);
  };
}

function timeOf(value: Value | undefined): number | null {
  return value instanceof Date ? value.getTime() : null;
}
