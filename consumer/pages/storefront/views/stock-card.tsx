import type { Signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { identity, signInError } from '../../identity.ts';
import { money, whole } from '../../language.ts';
import { goesToEntries, type Stock, type StockState } from '../../stock.ts';
import { admissionOf } from '../admission/admissions.ts';
import { isActive } from '../orders/order.ts';
import { Picture } from '../parts/picture.tsx';
import { moment, timeLeft } from '../parts/show-times.ts';
import type { TextName } from '../parts/texts.ts';
import { ticking } from '../parts/ticking.ts';
import { translate } from '../parts/translate.ts';
import { useSettling } from '../parts/use-settling.ts';
import { describeAdmission } from '../purchases/describe-admission.ts';
import { type Description, describePurchase, type Purchase, stateNow } from '../purchases/describe-purchase.ts';
import { buy, payOrder, purchaseOf } from '../purchases/purchases.ts';
import { setInView } from '../stocks/stocks.ts';
import { askToCancel, openAccount } from './dialogs.tsx';
import { LazyDrawCard } from './lazy-draw-card.tsx';
import { ComparedPrice, QuantityField, StockDescription } from './stock-facts.tsx';

const STATE_TEXT: Record<StockState, TextName> = {
  open: 'stateOpen',
  upcoming: 'stateUpcoming',
  paused: 'statePaused',
  sold_out: 'stateSoldOut',
  closed: 'stateClosed',
};

// Below this share the card says "only".
const FEW = 0.2;

/** `index`: the card's position in the list. */
export function StockCard({ stock: { value: stock }, index }: { stock: Signal<Stock>; index: number }) {
  const { sid, name } = stock;
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => setInView(sid, entry?.isIntersecting ?? false));
    if (card.current) observer.observe(card.current);
    return () => {
      observer.disconnect();
      setInView(sid, false);
    };
  }, [sid]);
  const [chosen, setQuantity] = useState(1);
  const quantity = Math.min(chosen, stock.maxPerOrder);
  const { value: purchase } = purchaseOf(sid);
  const description = describePurchase(stock, purchase, ticking);
  const state = stateNow(stock, ticking);
  const isEntered = showsEntry(stock, purchase);
  // The button that buys may take the place of the one that enters.
  const shown = useRef({ isEntered, sinceMs: Number.NEGATIVE_INFINITY });
  if (shown.current.isEntered !== isEntered) shown.current = { isEntered, sinceMs: performance.now() };
  const isMine = !isEntered && (description.tone === 'have' || description.tone === 'done');
  return (
    <li class={`card card-${state} ${isMine ? 'is-mine' : ''}`} id={`stock-${sid}`} ref={card} data-sid={sid}>
      <Picture sid={sid} name={name} url={stock.pictureUrl} />
      <div class="card-body">
        <div class="card-head">
          <h3>{name}</h3>
          <p class="price number">
            {!isMine && <ComparedPrice stock={stock} />} {shownPrice(stock, purchase)}
          </p>
        </div>
        <StockDescription stock={stock} />
        {isEntered ? (
          <LazyDrawCard stock={stock} index={index} openAccount={openAccount} />
        ) : (
          <>
            <div class="facts">
              {description.orderNo === undefined ? (
                <Units stock={stock} state={state} />
              ) : (
                <OrderFacts description={description} />
              )}
            </div>
            {description.button.act === 'buy' && stock.maxPerOrder > 1 && (
              <QuantityField stock={stock} quantity={quantity} onChange={setQuantity} />
            )}
            <BigButton
              stock={stock}
              purchase={purchase}
              description={description}
              index={index}
              quantity={quantity}
              sinceMs={shown.current.sinceMs}
            />
            <Notes stock={stock} purchase={purchase} description={description} />
          </>
        )}
      </div>
    </li>
  );
}

/** Whether the card offers to enter: units go to entries, and this buyer has neither an order nor a request without an answer. */
function showsEntry(stock: Stock, purchase: Purchase): boolean {
  if (!goesToEntries(stock)) return false;
  return purchase.kind === 'order'
    ? !isActive(purchase.order)
    : purchase.kind === 'none' || purchase.kind === 'refused';
}

/** The price of the active order, or else of the stock. */
function shownPrice(stock: Stock, purchase: Purchase): string {
  const order = purchase.kind === 'order' && isActive(purchase.order) ? purchase.order : undefined;
  return money(order?.total ?? stock.price);
}

function Units({ stock, state }: { stock: Stock; state: StockState }) {
  const { count, left, opensAt, closesAt } = stock;
  const units =
    state === 'upcoming'
      ? translate('unitsUpcoming', { count: whole(count) })
      : translate(state === 'open' && left <= count * FEW ? 'unitsFew' : 'unitsLeft', {
          left: whole(left),
          count: whole(count),
        });
  const time = state === 'upcoming' ? opensAt : state === 'open' ? closesAt : null;
  const part = count > 0 ? Math.max(0, Math.min(1, left / count)) : 0;
  return (
    <>
      <p class="facts-line number">
        <span class={`badge badge-${state}`}>{translate(STATE_TEXT[state])}</span>
        <span>{units}</span>
        {time !== null && (
          <span class="facts-end">
            {translate(state === 'upcoming' ? 'opensAt' : 'closesAt', { time: moment(time, ticking()) })}
          </span>
        )}
      </p>
      <div
        class="bar"
        role="progressbar"
        aria-label={`${stock.name}: ${translate('unitsBar')}`}
        aria-valuemin={0}
        aria-valuemax={count}
        aria-valuenow={left}
        aria-valuetext={units}
      >
        <div class="bar-part" style={{ transform: `scaleX(${part})` }} />
      </div>
    </>
  );
}

function OrderFacts({ description: { orderNo, payLeftMs, tone } }: { description: Description }) {
  return (
    <>
      <p class="facts-line">
        <span class={`badge ${tone === 'plain' ? '' : 'badge-mine'}`}>
          {translate(tone === 'plain' ? 'orderPending' : 'stateYours')}
        </span>
        {payLeftMs !== undefined && (
          <span class="pay-left">
            {translate('payWithin')} <b class="number">{timeLeft(payLeftMs)}</b>
          </span>
        )}
      </p>
      <p class="order-number mono" data-order={orderNo}>
        <span class="hidden-text">{translate('order')} </span>
        {orderNo}
      </p>
    </>
  );
}

type PartProps = { stock: Stock; purchase: Purchase; description: Description };

type ButtonProps = PartProps & { index: number; quantity: number; sinceMs: number };

function BigButton({ stock, purchase, description, index, quantity, sinceMs }: ButtonProps) {
  const { text, values, leftMs, act, isBusy } = description.button;
  const { amount, currency } = stock.price;
  const price = money({ amount: amount * quantity, currency });
  const left = leftMs === undefined ? '' : timeLeft(leftMs);
  const isSettling = useSettling(act, index, stock.price.amount, sinceMs);
  const click = () => {
    if (isSettling()) return;
    if (act === 'pay' && purchase.kind === 'order') void payOrder(purchase.order);
    else if (act === 'buy' && !identity.value && signInError.value) openAccount();
    // At the price on this button.
    else if (act === 'buy') buy(stock.sid, stock.price, quantity);
  };
  // Never `disabled`: a buyer who waits for the opening would lose the focus.
  return (
    <button
      type="button"
      class={`big big-${description.tone}`}
      aria-disabled={act === 'none' || isSettling()}
      data-busy={isBusy}
      aria-describedby={`note-${stock.sid}`}
      data-act={act}
      onKeyDown={ignoreHeldKey}
      onClick={click}
    >
      <span class="number">{translate(text, { ...values, price, left })}</span>
      <span class="hidden-text">: {stock.name}</span>
    </button>
  );
}

/** A key that is held down counts once. */
function ignoreHeldKey(event: KeyboardEvent): void {
  if (event.repeat && event.key !== 'Tab') event.preventDefault();
}

function Notes({ stock, purchase, description }: PartProps) {
  const { note, canCancel, tone } = description;
  const text = describeAdmission(admissionOf(stock.sid).value, purchase, note.text) ?? note.text;
  return (
    <div class={`notes notes-${tone}`}>
      <p id={`note-${stock.sid}`}>{translate(text, { ...note.values, price: money(stock.price) })}</p>
      {canCancel && purchase.kind === 'order' && (
        <button type="button" class="quiet" onClick={() => askToCancel(purchase.order, stock.name)}>
          {translate('cancel')}
          <span class="hidden-text">: {stock.name}</span>
        </button>
      )}
    </div>
  );
}
