import type { Stock } from '../../stock.ts';
import { translate } from '../texts/translate.ts';
import { chooseStock, chosenSid, pinnedSid, pinStock } from './stock-events.ts';
import { stocks } from './stocks.ts';

const FOLLOW = 'follow';

/** Chooses a stock. `canFollow`: offers to follow the sale with traffic. */
export function StockChoice({ id, canFollow = false }: { id: string; canFollow?: boolean }) {
  const all = stocks.value ?? [];
  const sid = chosenSid.value;
  const isFollowing = canFollow && pinnedSid.value === null;
  const chosen = all.find((stock) => stock.sid === sid);
  return (
    <span class="inline">
      <label for={id}>{translate('stock')}</label>
      <select
        id={id}
        value={isFollowing ? FOLLOW : (sid ?? '')}
        disabled={all.length === 0}
        onChange={({ currentTarget: { value } }) => {
          if (canFollow) pinStock(value === FOLLOW ? null : value);
          else chooseStock(value);
        }}
      >
        {all.length === 0 && <option value="">{translate('noStock')}</option>}
        {canFollow && all.length > 0 && (
          <option value={FOLLOW}>
            {isFollowing && chosen ? translate('followNow', { stock: titleOf(chosen) }) : translate('follow_traffic')}
          </option>
        )}
        {sid !== null && !chosen && <option value={sid}>{sid}</option>}
        {all.map((stock) => (
          <option key={stock.sid} value={stock.sid}>
            {titleOf(stock)}
          </option>
        ))}
      </select>
    </span>
  );
}

const titleOf = ({ sid, name }: Stock) => `${sid} · ${name}`;
