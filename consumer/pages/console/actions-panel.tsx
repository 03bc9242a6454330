import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ApiError } from '../call-api.ts';
import { money } from '../language.ts';
import { callAdmin } from './parts/call-admin.ts';
import { dateTime } from './parts/formats.ts';
import { Fault, Panel, Scroll } from './parts/panel.tsx';
import { openView } from './parts/view.ts';
import { stocks } from './stocks/stocks.ts';
import { actionText, translate } from './texts/translate.ts';

type Action = {
  actionId: number;
  at: string;
  who: string;
  action: string;
  target: string;
  detail: Record<string, unknown>;
};
type Page = { actions: Action[]; nextCursor: string | null };

const PAGE = 50;

/** The log of administrators' actions, newest first. `wanted`: only those of the stock with this id, from the address. */
export function ActionsPanel({ wanted }: { wanted: string }) {
  const page = useSignal<Page | null>(null);
  const fault = useSignal<ApiError | null>(null);

  async function read(cursor: string | null): Promise<void> {
    fault.value = null;
    try {
      const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const ofStock = wanted === '' ? '' : `&sid=${encodeURIComponent(wanted)}`;
      const { body } = await callAdmin<Page>(`/admin/actions?limit=${PAGE}${ofStock}${after}`);
      const before = cursor === null ? [] : (page.peek()?.actions ?? []);
      page.value = { ...body, actions: [...before, ...body.actions] };
    } catch (error) {
      fault.value = error as ApiError;
    }
  }
  useEffect(() => {
    page.value = null;
    void read(null);
  }, [wanted]);

  const { actions = [], nextCursor = null } = page.value ?? {};
  const known = stocks.value ?? [];
  const tools = (
    <div class="panel-tools">
      <span class="inline">
        <label for="actions-stock">{translate('ofStock')}</label>
        <select id="actions-stock" value={wanted} onChange={(event) => openView('actions', event.currentTarget.value)}>
          <option value="">{translate('allStocks')}</option>
          {wanted !== '' && !known.some(({ sid }) => sid === wanted) && <option value={wanted}>{wanted}</option>}
          {known.map(({ sid, name }) => (
            <option key={sid} value={sid}>
              {sid} · {name}
            </option>
          ))}
        </select>
      </span>
      <button type="button" onClick={() => void read(null)}>
        {translate('refresh')}
      </button>
    </div>
  );
  return (
    <Panel title={translate('actionsTitle')} id="actions-title" class="wide" aside={tools}>
      <Scroll label={translate('actionsTitle')}>
        <table class="action-log">
          <thead>
            <tr>
              <th scope="col">{translate('time')}</th>
              <th scope="col">{translate('actionUser')}</th>
              <th scope="col">{translate('actionWhat')}</th>
              <th scope="col">{translate('actionTarget')}</th>
            </tr>
          </thead>
          <tbody>
            {actions.map((action) => (
              <Row key={action.actionId} {...action} />
            ))}
            {actions.length === 0 && (
              <tr>
                <td colSpan={4} class="empty">
                  {translate(page.value === null && !fault.value ? 'loading' : 'actionsEmpty')}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </Scroll>
      {nextCursor !== null && (
        <button type="button" onClick={() => void read(nextCursor)}>
          {translate('more')}
        </button>
      )}
      <Fault error={fault.value} />
    </Panel>
  );
}

function Row({ at, who, action, target, detail }: Action) {
  const currency = detail.currency ?? (stocks.value ?? []).find(({ sid }) => sid === target)?.price.currency;
  const fields = Object.entries(detail).map(([name, value]) => textOf(name, value, currency));
  return (
    <tr>
      <td class="number">{dateTime(at)}</td>
      <td class="name">{who}</td>
      <td class="name">
        {actionText(action)} <span class="mono">{fields.join(', ')}</span>
      </td>
      <td class="mono">
        {action === 'refundOrder' || action === 'cancelOrder' ? <a href={`#trace/${target}`}>{target}</a> : target}
      </td>
    </tr>
  );
}

/** Amounts and times as a person writes them. */
function textOf(name: string, value: unknown, currency: unknown): string {
  if (name.endsWith(CENTS) && typeof value === 'number' && typeof currency === 'string') {
    return `${name.slice(0, -CENTS.length)}: ${money({ amount: value, currency })}`;
  }
  return `${name}: ${typeof value === 'string' && ISO_TIME.test(value) ? dateTime(value) : JSON.stringify(value)}`;
}

const CENTS = 'Cents';

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
