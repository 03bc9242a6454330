import { signal } from '@preact/signals';
import { ORDER_STATES } from '../../../../db/orders/order-states.ts';
import { orderStateText, translate } from '../texts/translate.ts';

/** What the list of orders shows. A buyer's orders are those of all stocks. */
export const orderFilter = signal({ buyer: '', state: '' });

/** Chooses a buyer and a state. */
export function OrderFilter() {
  const { buyer, state } = orderFilter.value;
  return (
    <div class="order-filter panel-tools">
      <span class="inline">
        <label for="order-buyer">{translate('findBuyer')}</label>
        <input
          id="order-buyer"
          type="search"
          autocomplete="off"
          value={buyer}
          onChange={(event) => {
            orderFilter.value = { buyer: event.currentTarget.value.trim(), state };
          }}
        />
      </span>
      <span class="inline">
        <label for="order-state">{translate('findState')}</label>
        <select
          id="order-state"
          value={state}
          onChange={(event) => {
            orderFilter.value = { buyer, state: event.currentTarget.value };
          }}
        >
          <option value="">{translate('anyState')}</option>
          {ORDER_STATES.map((name) => (
            <option key={name} value={name}>
              {orderStateText(name)}
            </option>
          ))}
        </select>
      </span>
    </div>
  );
}
