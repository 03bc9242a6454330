import { money, whole } from '../../language.ts';
import { Fact } from '../parts/fact.tsx';
import { dateTime, NONE } from '../parts/formats.ts';
import { Fault, Panel } from '../parts/panel.tsx';
import { stateText, translate } from '../texts/translate.ts';
import { applied, fault, fieldFaults } from './apply-change.ts';
import { StockActions } from './stock-actions.tsx';
import { StockEdit } from './stock-edit.tsx';
import { chosenSid, stockEvent } from './stock-events.ts';
import { StockRemoval } from './stock-removal.tsx';
import { stocks } from './stocks.ts';
import { TopUp } from './top-up.tsx';

/** The chosen stock, its sales and its actions. */
export function StockDetail() {
  const stock = (stocks.value ?? []).find(({ sid }) => sid === chosenSid.value);
  if (!stock)
    return (
      <Panel title={translate('chosenTitle')} id="chosen-title">
        <p class="empty">{translate('nothingChosen')}</p>
      </Panel>
    );
  const event = stockEvent.value;
  const { left, count, sold, state } = event ?? stock;
  return (
    <Panel
      title={`${stock.sid} · ${stock.name}`}
      id="chosen-title"
      aside={
        <span class="inline">
          {stock.hidden && <span class="state">{translate('hidden')}</span>}
          <span class={`state is-${state}`}>{stateText(state)}</span>
        </span>
      }
    >
      <div class="gauge">
        <b class="number">{whole(left)}</b> <span>{translate('leftOf', { count: whole(count) })}</span>
        <span class="gauge-track">
          <span style={{ width: `${count > 0 ? Math.min(1, left / count) * 100 : 0}%` }} />
        </span>
      </div>
      <dl class="facts">
        <Fact name={translate('sold')} value={whole(sold)} />
        <Fact name={translate('soldPerSecond')} value={event ? whole(Math.round(event.ordersPerSecond)) : NONE} />
        <Fact name={translate('price')} value={money(stock.price)} />
        <Fact name={translate('opensAt')} value={stock.opensAt ? dateTime(stock.opensAt) : translate('fromTheStart')} />
        <Fact name={translate('closesAt')} value={stock.closesAt ? dateTime(stock.closesAt) : translate('noEnd')} />
      </dl>
      <StockActions stock={stock} state={state} left={left} />
      <StockRemoval key={stock.sid} stock={stock} sold={sold} />
      <p role="status" class="done">
        {applied.value}
      </p>
      <TopUp sid={stock.sid} />
      <StockEdit key={stock.sid} stock={stock} />
      <Fault error={Object.keys(fieldFaults.value).length > 0 ? null : fault.value} />
    </Panel>
  );
}
