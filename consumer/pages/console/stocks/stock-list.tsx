import { signal } from '@preact/signals';
import { whole } from '../../language.ts';
import { Panel, Scroll } from '../parts/panel.tsx';
import { stateText, translate } from '../texts/translate.ts';
import { chooseStock, chosenSid } from './stock-events.ts';
import { type AdminStock, stocks, stocksLost } from './stocks.ts';

const search = signal('');
// For more stocks there is the search.
const MAX_ROWS = 50;

/** All stocks, newest first. */
export function StockList() {
  const all = stocks.value;
  const text = search.value.trim().toLowerCase();
  const matching = (all ?? []).filter(({ sid, name }) => `${sid} ${name}`.toLowerCase().includes(text));
  return (
    <Panel
      title={translate('stocksTitle')}
      id="stocks-title"
      aside={
        <span class="inline">
          <label for="stock-filter">{translate('filter')}</label>
          <input
            id="stock-filter"
            type="search"
            value={search.value}
            onInput={(event) => {
              search.value = event.currentTarget.value;
            }}
          />
        </span>
      }
    >
      {stocksLost.value && <p class="fault">{translate('stocksLost')}</p>}
      <Scroll label={translate('stocksTitle')}>
        <table class="stocks">
          <thead>
            <tr>
              <th scope="col">{translate('stock')}</th>
              <th scope="col">{translate('state')}</th>
              <th scope="col" class="right">
                {translate('sold')}
              </th>
              <th scope="col" class="right">
                {translate('left')}
              </th>
            </tr>
          </thead>
          <tbody>
            {matching.slice(0, MAX_ROWS).map((stock) => (
              <Row key={stock.sid} stock={stock} />
            ))}
            {matching.length === 0 && (
              <tr>
                <td colSpan={4} class="empty">
                  {translate(all === null ? 'loading' : text ? 'noMatch' : 'stocksEmpty')}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </Scroll>
      {matching.length > MAX_ROWS && (
        <p class="soft">{translate('andMore', { n: whole(matching.length - MAX_ROWS) })}</p>
      )}
    </Panel>
  );
}

function Row({ stock: { sid, name, state, sold, count, left, hidden } }: { stock: AdminStock }) {
  const isChosen = chosenSid.value === sid;
  return (
    <tr class={isChosen ? 'is-chosen' : ''}>
      <th scope="row" class="name">
        <button
          type="button"
          class="link"
          title={name}
          aria-pressed={isChosen}
          onClick={() => {
            chooseStock(sid);
          }}
        >
          <span class="soft number">{sid}</span> {name}
        </button>
      </th>
      <td>
        <span class={`state is-${state}`}>{stateText(state)}</span>
        {hidden && <span class="state">{translate('hidden')}</span>}
      </td>
      <td class="right number">
        <span class="meter">
          <span style={{ width: `${count > 0 ? (sold / count) * 100 : 0}%` }} />
        </span>
        {whole(sold)}
      </td>
      <td class="right number">{whole(left)}</td>
    </tr>
  );
}
