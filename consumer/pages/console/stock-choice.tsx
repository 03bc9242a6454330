import { chosenSid } from './stock-events.ts';
import { stocks } from './stocks.ts';
import { say } from './texts.ts';

/** Which stock is looked at, everywhere on the page. */
export function StockChoice({ id }: { id: string }) {
  const all = stocks.value ?? [];
  const sid = chosenSid.value;
  return (
    <span class="inline">
      <label for={id}>{say('stock')}</label>
      <select
        id={id}
        value={sid ?? ''}
        disabled={all.length === 0}
        onChange={(event) => {
          chosenSid.value = Number(event.currentTarget.value);
        }}
      >
        {all.length === 0 && <option value="">{say('noStock')}</option>}
        {sid !== null && !all.some((stock) => stock.sid === sid) && <option value={sid}>{sid}</option>}
        {all.map((stock) => (
          <option key={stock.sid} value={stock.sid}>
            {stock.sid} · {stock.name}
          </option>
        ))}
      </select>
    </span>
  );
}
