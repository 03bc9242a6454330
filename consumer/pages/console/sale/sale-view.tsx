import { useEffect } from 'preact/hooks';
import { money } from '../../language.ts';
import { Fact } from '../parts/fact.tsx';
import { dateTime } from '../parts/formats.ts';
import { Fault, Panel } from '../parts/panel.tsx';
import { StockChoice } from '../stocks/stock-choice.tsx';
import { chooseStock, chosenSid, stockEvent } from '../stocks/stock-events.ts';
import { stocks } from '../stocks/stocks.ts';
import { stateText, translate } from '../texts/translate.ts';
import { followSale, saleFault, saleFigures } from './follow-sale.ts';
import { SaleChart } from './sale-chart.tsx';
import { SaleDownloads } from './sale-downloads.tsx';
import { SaleFigures } from './sale-figures.tsx';

/** What a shop asks about the chosen sale: money, units, and what happened when. `wanted`: its id, from the address. */
export function SaleView({ wanted }: { wanted: string }) {
  useEffect(() => {
    if (wanted && wanted !== chosenSid.peek()) chooseStock(wanted);
  }, [wanted]);
  useEffect(() => followSale(), []);
  const all = stocks.value;
  // All at once, so that nothing moves when the stock is known.
  if (all === null || (all.length > 0 && chosenSid.value === null)) return <p role="status">{translate('loading')}</p>;
  const stock = all.find(({ sid }) => sid === chosenSid.value);
  const state = stockEvent.value?.state ?? stock?.state;
  const summary = saleFigures.value;
  return (
    <div class="view sale">
      <Panel
        title={stock?.name ?? translate('view_sale')}
        id="sale-title"
        class="wide"
        aside={
          <div class="panel-tools">
            {state && <span class={`state is-${state}`}>{stateText(state)}</span>}
            <StockChoice id="sale-stock" />
            {stock && (
              <a class="action" href={`#stocks`}>
                {translate('changeStock')}
              </a>
            )}
          </div>
        }
      >
        {stock && (
          <dl class="facts">
            <Fact name={translate('stock')} value={stock.sid} />
            <Fact name={translate('price')} value={money(stock.price)} />
            <Fact
              name={translate('opensAt')}
              value={stock.opensAt ? dateTime(stock.opensAt) : translate('fromTheStart')}
            />
            <Fact name={translate('closesAt')} value={stock.closesAt ? dateTime(stock.closesAt) : translate('noEnd')} />
            {summary?.soldOutAt && (
              <Fact
                name={translate('state_sold_out')}
                value={translate('soldOutAfter', {
                  at: dateTime(summary.soldOutAt),
                  seconds: summary.secondsToSoldOut ?? 0,
                })}
              />
            )}
          </dl>
        )}
        <SaleFigures />
        {stock && <SaleLinks sid={stock.sid} />}
        <SaleDownloads stock={stock ?? null} />
        <Fault error={saleFault.value} />
      </Panel>
      <SaleChart />
    </div>
  );
}

/** The questions behind the figures, each one click away. */
function SaleLinks({ sid }: { sid: string }) {
  return (
    <p class="sale-links">
      <a href="#trace/?state=expired">{translate('linkExpired')}</a>
      <a href="#trace/?state=awaiting_payment">{translate('linkUnpaid')}</a>
      <a href="#trace/?state=refunded">{translate('linkRefunded')}</a>
      <a href={`#actions/${sid}`}>{translate('linkActions')}</a>
    </p>
  );
}
